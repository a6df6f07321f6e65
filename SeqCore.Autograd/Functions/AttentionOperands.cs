using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>Converts tensors and options into the kernel's arguments.</summary>
internal static class AttentionOperands
{
    /// <summary>Makes the kernel's arguments for one application; dropout takes its random numbers here.</summary>
    /// <param name="shape">The sizes of the attention.</param>
    /// <param name="options">The options that the user specified.</param>
    /// <param name="mask">The mask from <see cref="Mask"/>, which the caller keeps until the backward pass is done.</param>
    /// <param name="query">The queries, shape (B, N, T, K).</param>
    /// <param name="key">The keys, shape (B, M, S, K).</param>
    /// <param name="value">The values, shape (B, M, S, J).</param>
    /// <param name="backend">The backend that holds them.</param>
    internal static AttentionArguments Arguments(AttentionShape shape, AttentionOptions options, Tensor? mask, HeadsSpan query,
        HeadsSpan key, HeadsSpan value, Backend backend) => new()
        {
            Batch = shape.Batch,
            HeadCount = shape.HeadCount,
            KeyHeadCount = shape.KeyHeadCount,
            QueryLength = shape.QueryLength,
            KeyLength = shape.KeyLength,
            HeadSize = shape.HeadSize,
            ValueSize = shape.ValueSize,
            Query = query,
            Key = key,
            Value = value,
            Scale = shape.Scale(options),
            Softcap = options.Softcap ?? 0f,
            QueryOffset = shape.QueryOffset(options),
            IsCausal = options.IsCausal,
            Window = options.Window,
            KeyLengths = options.KeyLengths?.Span ?? default,
            Blocks = options.Pattern?.Blocks(shape.Extent(options), backend) ?? default,
            Mask = mask is null ? default : Masked(mask),
            Slopes = options.Slopes?.Contiguous().Span ?? default,
            Dropout = options.Dropout,
            Stream = options.Dropout > 0f
                ? options.Random!.Take((long)shape.Batch * shape.HeadCount * shape.QueryLength * ((shape.KeyLength + 3L) / 4 * 4))
                : default,
        };

    /// <summary>The heads of a tensor of shape (B, N, T, K) or (B, M, S, J), in place if its last axis has no gaps.</summary>
    internal static HeadsSpan Heads(Tensor x)
    {
        var strided = x.Strided;
        if (x.Shape[3] > 1 && strided.Layout.Stride(3) != 1)
            strided = x.Copy().Strided;
        return new HeadsSpan(strided.Data, strided.Layout.Stride(0), strided.Layout.Stride(1), strided.Layout.Stride(2));
    }

    /// <summary>The heads from a column on of a tensor that holds heads side by side, shape (B, T, C).</summary>
    internal static HeadsSpan Heads(Tensor packed, int start, int headSize)
    {
        int steps = packed.Shape[1], columns = packed.Shape[2];
        var data = packed.Span;
        return new HeadsSpan(data.Slice(Math.Min(start, data.Length), Math.Max(0, data.Length - start)),
            steps * columns, headSize, columns);
    }

    /// <summary>
    /// Combines the bias and the boolean mask into one tensor of rank 4, each axis but the last of full size or 1; null if there
    /// is neither.
    /// </summary>
    internal static Tensor? Mask(AttentionShape shape, AttentionOptions options, Backend backend)
    {
        var mask = options.Bias;
        if (options.Allowed is { } allowed)
        {
            using var hidden = Tensor.Full(Shape.Scalar, float.NegativeInfinity, backend);
            using var zero = Tensor.Full(Shape.Scalar, 0f, backend);
            mask = Tensor.Where(allowed, mask ?? zero, hidden);
        }

        if (mask is null)
            return null;
        var sizes = new int[4];
        for (var axis = 0; axis < 3; axis++)
            sizes[axis] = axis < 4 - mask.Rank ? 1 : mask.Shape[axis - (4 - mask.Rank)];
        sizes[3] = shape.KeyLength;
        return mask.BroadcastTo(sizes).Contiguous();
    }

    private static MaskSpan Masked(Tensor mask)
    {
        var layout = mask.Strided.Layout;
        return new MaskSpan(mask.Span, Stride(0), Stride(1), Stride(2));

        int Stride(int axis) => mask.Shape[axis] == 1 ? 0 : layout.Stride(axis);
    }
}
