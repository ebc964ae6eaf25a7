using System.ClientModel;
using System.Globalization;
using System.Text;
using Kessan.MarketApi.Sources;
using Kessan.MarketApi.Stocks;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Analysis;

/// <summary>Lets a language model put the computed figures into words. Safe for concurrent use.</summary>
internal sealed class ChatCommentator(IChatClient chat, IOptions<AnalysisOptions> options, TimeProvider timeProvider)
{
    private const int MaximumTokens = 400;
    private const int MaximumCharacters = 4000;

    private const string Instruction =
        "You comment on technical indicators of a Japanese stock for a reader who knows the terms. Use only the figures given. "
        + "Three to five sentences, plain text, no advice to buy or sell.";

    /// <summary>The name of the model.</summary>
    public string Model => options.Value.Model ?? "";

    /// <summary>The model's text.</summary>
    /// <exception cref="SourceException">It failed, took too long or said nothing.</exception>
    public async ValueTask<string> CommentAsync(Stock stock, StockAnalysis analysis, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Value.Timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var answer = await chat.GetResponseAsync(
                [new ChatMessage(ChatRole.System, Instruction), new ChatMessage(ChatRole.User, Describe(stock, analysis))],
                new ChatOptions { MaxOutputTokens = MaximumTokens, Temperature = 0.2f },
                either.Token);
            var text = answer.Text.Trim();
            return text.Length switch
            {
                0 => throw new SourceException("the model gave no text"),
                > MaximumCharacters => text[..MaximumCharacters],
                _ => text,
            };
        }
        catch (Exception failure) when (failure is not SourceException && !cancellationToken.IsCancellationRequested)
        {
            // Whatever a model's endpoint may throw, the computed part is still good.
            throw new SourceException(Reason(failure), failure);
        }
    }

    private string Reason(Exception failure) => failure switch
    {
        OperationCanceledException => $"the model took longer than {options.Value.Timeout}",
        ClientResultException { Status: > 0 and var status } => $"the model's endpoint answered {status}",
        _ => $"the model could not be asked: {failure.GetType().Name}",
    };

    private static string Describe(Stock stock, StockAnalysis analysis)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{stock.Name} ({stock.Ticker}, {stock.Sector}), {analysis.Kind}, {analysis.AsOf:yyyy-MM-dd}");
        text.AppendLine(CultureInfo.InvariantCulture, $"close {analysis.Close} JPY");
        foreach (var indicator in analysis.Indicators)
            text.AppendLine(CultureInfo.InvariantCulture, $"{indicator.Name}({indicator.Window}) {indicator.Value} {indicator.Unit}");
        return text.ToString();
    }
}
