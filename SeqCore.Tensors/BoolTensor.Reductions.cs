using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class BoolTensor
{
    /// <summary>The largest count up to which float32 counts exactly.</summary>
    private const int MostExact = 1 << 24;

    /// <summary>Returns whether any element is true; waits for the device.</summary>
    public bool Any()
    {
        if (ElementCount == 0)
            return false;
        using var most = values.Max();
        return most.Item() != 0f;
    }

    /// <summary>Returns whether all elements are true, which holds if there is none; waits for the device.</summary>
    public bool All()
    {
        if (ElementCount == 0)
            return true;
        using var least = values.Min();
        return least.Item() != 0f;
    }

    /// <summary>Returns true where any element along an axis is true.</summary>
    public BoolTensor Any(int axis, bool keepDimensions = false) => Any([axis], keepDimensions);

    /// <summary>Returns true where any element along the axes is true.</summary>
    public BoolTensor Any(ReadOnlySpan<int> axes, bool keepDimensions = false)
    {
        using var count = Count("Any", axes, keepDimensions);
        return count > 0f;
    }

    /// <summary>Returns true where all elements along an axis are true, which holds if there is none.</summary>
    public BoolTensor All(int axis, bool keepDimensions = false) => All([axis], keepDimensions);

    /// <summary>Returns true where all elements along the axes are true, which holds if there is none.</summary>
    public BoolTensor All(ReadOnlySpan<int> axes, bool keepDimensions = false)
    {
        using var not = !this;
        using var count = not.Count("All", axes, keepDimensions);
        return count.EqualTo(0f);
    }

    /// <summary>Counts the elements that are true; waits for the device.</summary>
    public int Count()
    {
        using var flat = values.Reshape([ElementCount]);
        long count = 0;
        for (var start = 0; start < ElementCount; start += MostExact)
        {
            using var part = flat.Slice(0, start, Math.Min(MostExact, ElementCount - start));
            using var sum = part.Sum();
            count += (long)sum.Item();
        }

        return (int)count;
    }

    /// <summary>Counts the elements along an axis that are true, as float32: exact up to 2^24.</summary>
    public Tensor Count(int axis, bool keepDimensions = false) => Count([axis], keepDimensions);

    /// <summary>Counts the elements along the axes that are true, as float32: exact up to 2^24.</summary>
    public Tensor Count(ReadOnlySpan<int> axes, bool keepDimensions = false) => Count("Count", axes, keepDimensions);

    private Tensor Count(string operation, ReadOnlySpan<int> axes, bool keepDimensions) =>
        values.Reduce(ReductionKind.Sum, axes, keepDimensions, operation);
}
