using Kessan.CacheHost.Overload;
using Microsoft.AspNetCore.Http;

namespace Kessan.CacheHost.Tests.Requests;

public sealed class LoadMarkTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("?wait", false)]
    [InlineData("?wait=", false)]
    [InlineData("?wait=0", false)]
    [InlineData("?wait=0.0", false)]
    [InlineData("?wait=-5", false)]
    [InlineData("?wait=NaN", false)]
    [InlineData("?wait=soon", false)]
    [InlineData("?wait=0&wait=x", false)]
    [InlineData("?wait=0.5", true)]
    [InlineData("?wait=20000", true)]
    public void LeaseWait_OnlyWhatWaits_IsOne(string query, bool waits)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);

        Assert.Equal(waits ? LoadClass.LeaseWait : LoadClass.Request, LoadMark.LeaseWait.Of(context));
    }
}
