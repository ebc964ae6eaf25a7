using Kessan.CacheHost.Security;

namespace Kessan.CacheHost.Overload;

/// <summary>Sends the requests of marked endpoints through the <see cref="LoadGate"/>.</summary>
internal sealed class LoadMiddleware(RequestDelegate next, LoadGate gate)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LoadMark>() is not { } mark) return next(context);
        var load = mark.Of(context);
        if (gate.Enter(load, context.Features.Get<ApiClient>()) is { } problem) return problem.ExecuteAsync(context);

        Task answering;
        try
        {
            answering = next(context);
        }
        catch
        {
            gate.Leave(load);
            throw;
        }

        return gate.LeaveAfterAsync(load, answering);
    }
}
