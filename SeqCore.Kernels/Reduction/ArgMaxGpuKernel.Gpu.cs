using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Searches the greatest element along one axis: each team of threads (<see cref="GpuTeams"/>) finds one result's, its lanes
/// looking at elements in turn (lane 0 at 0, L, 2L, ..., lane 1 at 1, L + 1, ... with L lanes), then comparing what they found.
/// Of equals the one with the least index wins, whichever lane saw it; NaN is greater than all else.
/// </summary>
internal struct ArgMaxGpuKernel : IGpuKernel
{
    internal GpuTeams Teams;
    internal ArrayView<float> X;
    internal GpuAxes Axes;
    internal GpuStrides FirstElement;

    /// <summary>What leads from a result to its index.</summary>
    internal GpuStrides Place;
    internal int Results;
    internal int Size;
    internal int Stride;
    internal ArrayView<int> Indices;

    public readonly void Run()
    {
        int result = Teams.Result, lane = Teams.Lane;
        var place = Axes.Place(result < Results ? result : 0);
        var first = FirstElement.Offset(place, Axes.Rank);

        // A lane without elements of its own repeats the first, and loses against the lane that found it or ties with it.
        var best = new Best(X[first], 0);
        for (var i = lane; (uint)i < (uint)Size; i += Teams.Width)
        {
            var x = X[first + i * Stride];
            if (Best.IsGreater(x, best.X))
                best = new(x, i);
        }

        best = Teams.ForFirst(best);
        if (result < Results && lane == 0)
            Indices[Place.Offset(place, Axes.Rank)] = best.Where;
    }

    /// <summary>An element and where it stands.</summary>
    internal readonly struct Best(float x, int where) : ITeamValue<Best>
    {
        internal readonly float X = x;
        internal readonly int Where = where;

        public Best Combine(Best other) =>
            IsGreater(other.X, X) || (!IsGreater(X, other.X) && other.Where < Where) ? other : this;

        internal static bool IsGreater(float x, float y) => x > y || (!IsNumber(x) && IsNumber(y));

        // Comparisons with NaN are false.
        private static bool IsNumber(float x) => IntrinsicMath.Abs(x) <= float.PositiveInfinity;
    }
}
