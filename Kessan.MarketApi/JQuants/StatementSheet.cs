using System.Collections.Immutable;
using System.ComponentModel;
using Kessan.MarketApi.Financials;

namespace Kessan.MarketApi.JQuants;

/// <summary>All statements of a stock, which J-Quants gives at once; each as if it had been asked for. Immutable.</summary>
[ImmutableObject(true)]
internal sealed record StatementSheet(ImmutableArray<FinancialStatement> Statements);
