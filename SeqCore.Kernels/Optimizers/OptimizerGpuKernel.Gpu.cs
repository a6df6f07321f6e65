using ILGPU;

namespace SeqCore.Kernels.Optimizers;

/// <summary>
/// Applies an optimizer's rule to many tensors. Each group handles one chunk of one tensor, which it finds in the table:
/// <code>
/// chunk       0         1      2            3         4
/// tensor     [w0 .. 4095 | .. ][w1 .. 4095 | 4096 .. ][w2
/// in a chunk  thread 0: [0 .. 3], [1024 .. 1027], ..   thread 1: [4 .. 7], ..
/// </code>
/// If all tensors start at multiples of 16 bytes, each thread handles four neighbouring elements at once.
/// </summary>
internal struct OptimizerGpuKernel<TUpdate> : IFloat4Kernel where TUpdate : struct, IOptimizerUpdate
{
    /// <summary>
    /// The number of elements of a chunk: small enough to occupy every multiprocessor, large enough for four loads of each tensor
    /// in flight.
    /// </summary>
    internal const int ChunkLength = 4096;

    internal ArrayView<float> Value;
    internal ArrayView<float> Gradient;
    internal ArrayView<float> First;
    internal ArrayView<float> Second;
    internal ArrayView<SlotRow> Rows;
    internal ArrayView<float> Factor;
    internal TUpdate Rule;

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var factor = 1f;
        if (Factor.Length > 0)
            factor = Factor[0];
        if (float.IsNaN(factor))
            return;
        var row = SlotRow.Find(Rows, Grid.IdxX);
        var start = (Grid.IdxX - row.FirstChunk) * ChunkLength;
        var count = Math.Min(ChunkLength, row.Length - start);
        row.Value += start;
        row.Gradient += start;
        row.First += start;
        row.Second += start;
        var single = Group.IdxX;
        if (TAccess.IsAligned)
        {
            for (var i = 4 * Group.IdxX; i + 3 < count; i += 4 * Group.DimX)
                StepFloat4(row, i, factor);
            single += count & ~3;
        }

        for (var i = single; i < count; i += Group.DimX)
            StepOne(row, i, factor);
    }

    private readonly void StepOne(SlotRow row, int i, float factor)
    {
        float first = 0f, second = 0f;
        if (Rule.UsesFirst)
            first = First[row.First + i];
        if (Rule.UsesSecond)
            second = Second[row.Second + i];
        Value[row.Value + i] = Update(Value[row.Value + i], Gradient[row.Gradient + i] * factor, ref first, ref second);
        if (Rule.UsesFirst)
            First[row.First + i] = first;
        if (Rule.UsesSecond)
            Second[row.Second + i] = second;
    }

    private readonly void StepFloat4(SlotRow row, int i, float factor)
    {
        var values = Float4.Cast(Value);
        var firsts = Float4.Cast(First);
        var seconds = Float4.Cast(Second);
        int valueAt = (row.Value + i) / 4, firstAt = (row.First + i) / 4, secondAt = (row.Second + i) / 4;
        var value = values[valueAt];
        var gradient = Float4.Cast(Gradient)[(row.Gradient + i) / 4];
        Float4 first = default, second = default;
        if (Rule.UsesFirst)
            first = firsts[firstAt];
        if (Rule.UsesSecond)
            second = seconds[secondAt];
        value.X = Update(value.X, gradient.X * factor, ref first.X, ref second.X);
        value.Y = Update(value.Y, gradient.Y * factor, ref first.Y, ref second.Y);
        value.Z = Update(value.Z, gradient.Z * factor, ref first.Z, ref second.Z);
        value.W = Update(value.W, gradient.W * factor, ref first.W, ref second.W);
        values[valueAt] = value;
        if (Rule.UsesFirst)
            firsts[firstAt] = first;
        if (Rule.UsesSecond)
            seconds[secondAt] = second;
    }

    private readonly float Update(float value, float gradient, ref float first, ref float second)
    {
        LaneGpu v = new(value), f = new(first), s = new(second);
        Rule.Update(ref v, new LaneGpu(gradient), ref f, ref s);
        first = f.Value;
        second = s.Value;
        return v.Value;
    }
}
