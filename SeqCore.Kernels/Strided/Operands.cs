namespace SeqCore.Kernels;

/// <summary>Checks that operands fit each other and their memory before a kernel accesses it.</summary>
internal static class Operands
{
    internal static void Check(string operation, string name, in StridedSpan span)
    {
        if (span.Layout.IsContiguous && span.Layout.Count <= span.Data.Length)
            return;
        long last = 0;
        for (var axis = 0; axis < span.Layout.Rank; axis++)
        {
            var reach = (span.Layout.Size(axis) - 1) * (long)span.Layout.Stride(axis);
            if (reach < 0)
            {
                throw new ArgumentException($"{operation}: {name} has the negative stride {span.Layout.Stride(axis)} on axis"
                    + $" {axis}; elements before the first of its memory cannot be reached.");
            }

            last += reach;
        }

        if (last >= span.Data.Length)
        {
            throw new ArgumentException($"{operation}: {name} with sizes ({Sizes(span.Layout)}) reaches element {last} of its"
                + $" memory, which has {span.Data.Length}.");
        }
    }

    internal static void CheckSizes(string operation, string name, in StridedSpan span, string otherName, in StridedSpan other)
    {
        if (!span.Layout.HasSizesOf(other.Layout))
        {
            throw new ArgumentException($"{operation}: {name} should have the sizes of {otherName}, ({Sizes(other.Layout)});"
                + $" got ({Sizes(span.Layout)}).");
        }
    }

    internal static void CheckResult(string operation, string name, in StridedSpan span)
    {
        Check(operation, name, span);
        for (var axis = 0; !span.Layout.IsContiguous && axis < span.Layout.Rank; axis++)
        {
            if (span.Layout.Stride(axis) == 0 && span.Layout.Size(axis) > 1)
            {
                throw new ArgumentException($"{operation}: {name} is written, so it should not be broadcast;"
                    + $" its stride on axis {axis} is 0.");
            }
        }
    }

    internal static void CheckCopy(string operation, in StridedSpan source, in StridedSpan destination)
    {
        Check(operation, nameof(source), source);
        CheckResult(operation, nameof(destination), destination);
        CheckSizes(operation, nameof(source), source, nameof(destination), destination);
    }

    internal static void CheckLength(string operation, string name, int actual, int expected)
    {
        if (actual != expected)
            throw new ArgumentException($"{operation}: {name} should have {expected} elements; got {actual}.");
    }

    internal static string Sizes(in Layout layout)
    {
        var sizes = new int[layout.Rank];
        for (var axis = 0; axis < sizes.Length; axis++)
            sizes[axis] = layout.Size(axis);
        return string.Join(", ", sizes);
    }

    /// <summary>Views a run of elements as one axis.</summary>
    internal static StridedSpan Flat(DeviceSpan<float> span) => new(span, new Layout([span.Length], [1]));

    /// <summary>Views a run of elements as contiguous, with the sizes of a layout.</summary>
    internal static StridedSpan Like(DeviceSpan<float> span, in Layout layout)
    {
        Span<int> sizes = stackalloc int[layout.Rank];
        for (var axis = 0; axis < layout.Rank; axis++)
            sizes[axis] = layout.Size(axis);
        return new StridedSpan(span, Layout.Contiguous(sizes));
    }
}
