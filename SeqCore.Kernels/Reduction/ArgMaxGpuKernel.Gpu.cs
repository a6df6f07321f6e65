using ILGPU;

namespace SeqCore.Kernels.Reduction;

/// <summary>
/// Finds the largest element along one axis: each team of threads (<see cref="GpuTeams"/>) finds one result. Its lanes take
/// elements in turn (with L lanes, lane 0 takes 0, L, 2L, ..., lane 1 takes 1, L + 1, ...) and then compare their results. Among
/// equal elements the one with the smallest rank wins, whichever lane found it; NaN is larger than all others. The rank is the
/// index, or its complement where the last of equal elements is wanted.
/// </summary>
internal struct ArgMaxGpuKernel : IGpuKernel
{
    internal GpuTeams Teams;
    internal ArrayView<float> X;
    internal GpuAxes Axes;
    internal GpuStrides FirstElement;

    /// <summary>The strides from results to indices.</summary>
    internal GpuStrides Place;
    internal int Results;
    internal int Size;
    internal int Stride;

    /// <summary>-1 if the last of equal elements is wanted, otherwise 0.</summary>
    internal int Turn;
    internal ArrayView<int> Indices;

    public readonly void Run()
    {
        int result = Teams.Result, lane = Teams.Lane;
        var place = Axes.Place(result < Results ? result : 0);
        var first = FirstElement.Offset(place, Axes.Rank);

        // A lane without elements repeats the first element, and loses or ties against the lane that has it.
        var best = new Best(X[first], Turn);
        for (var i = lane; (uint)i < (uint)Size; i += Teams.Width)
            best = best.Combine(new(X[first + i * Stride], i ^ Turn));

        best = Teams.ForFirst(best);
        if (result < Results && lane == 0)
            Indices[Place.Offset(place, Axes.Rank)] = best.Rank ^ Turn;
    }

    /// <summary>An element and its rank among equals.</summary>
    internal readonly struct Best(float x, int rank) : ITeamValue<Best>
    {
        internal readonly float X = x;
        internal readonly int Rank = rank;

        public Best Combine(Best other) =>
            IsGreater(other.X, X) || (!IsGreater(X, other.X) && other.Rank < Rank) ? other : this;

        private static bool IsGreater(float x, float y) => x > y || (!IsNumber(x) && IsNumber(y));

        // Comparisons with NaN are false.
        private static bool IsNumber(float x) => IntrinsicMath.Abs(x) <= float.PositiveInfinity;
    }
}
