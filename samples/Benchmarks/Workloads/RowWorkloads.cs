using SeqCore.Autograd;
using SeqCore.Tensors;

namespace SeqCore.Benchmarks;

/// <summary>Work on the rows of a matrix.</summary>
internal static class RowWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
    ];
}
