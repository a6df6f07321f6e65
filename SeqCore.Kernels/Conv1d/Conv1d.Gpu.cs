using SeqCore.Kernels.Conv1d;

namespace SeqCore.Kernels;

/// <summary>
/// Convolutions on a GPU are products of matrices: the windows of as many rows as 64 MB hold are copied side by side, and then
/// multiplied with the weight by the same kernels as in <see cref="Backend.MatMul"/>, on tensor cores where
/// <see cref="Precision"/> asks for them. Depth-wise ones have kernels of their own.
/// </summary>
public sealed partial class GpuBackend
{
    private const int Conv1dFloats = 1 << 24;

    private protected override void RunConv1d(in Conv1dArguments a)
    {
        WatchLengths(nameof(Conv1d), a.Shape.Steps, a.Lengths);
        SumTaps(nameof(Conv1d), a.Shape, Conv1dTaps.Forward(a.Shape), a.X, a.Lengths, a.Weight, a.Bias, a.Y, isBackward: false);
    }

    private protected override void RunConv1dGradient(in Conv1dArguments a, in Conv1dGradients gradients)
    {
        const string Operation = nameof(Conv1dGradient);
        var s = a.Shape;
        WatchLengths(Operation, s.Steps, a.Lengths);
        for (var remainder = 0; remainder < Math.Min(s.Stride, s.Steps) && !gradients.DX.IsAbsent; remainder++)
        {
            SumTaps(Operation, s, Conv1dTaps.Backward(s, remainder), gradients.DY, a.Lengths, a.Weight, default, gradients.DX,
                isBackward: true);
        }

        if (gradients.DWeight.IsAbsent && gradients.DBias.IsAbsent)
            return;

        // Rows past a length may hold anything.
        int rows = s.Batch * s.OutputSteps, width = s.Outputs;
        var dY = gradients.DY;
        using var masked = a.Lengths.IsAbsent || rows == 0 ? null : Scratch((long)rows * width, out dY);
        for (int first = 0, count = ChunkRows(width); masked is not null && first < rows; first += count)
        {
            var part = Math.Min(count, rows - first);
            Place(Operation, s, Conv1dTaps.Forward(s), gradients.DY.Slice(first * width, part * width), a.Lengths, dY, first,
                part, isBackward: false);
        }

        if (!gradients.DBias.IsAbsent)
            AddUpRows(dY, rows, width, gradients.DBias);
        if (gradients.DWeight.IsAbsent)
            return;
        using var buffer = Scratch((long)width * s.GroupInputs * s.Kernel, out var arranged);
        if (s.IsDepthwise)
            ChannelSums(Operation, s, a.X, a.Lengths, dY, arranged);
        else
            WeightProducts(Operation, s, a.X, a.Lengths, dY, arranged);
        Arrange(Operation, s, Conv1dTaps.Forward(s), gradients.DWeight, arranged, isBackward: false, returns: true);
    }

    private void WatchLengths(string operation, int steps, DeviceSpan<int> lengths)
    {
        if (lengths.IsAbsent)
            return;
        var (notes, number) = problems.Watch((row, length) => Conv1dChecks.BadLength(operation, steps, row, length));
        Launch(new Conv1dLengths { Lengths = View(lengths), Notes = notes, Number = number, Steps = steps },
            (lengths.Length + 255) / 256, operation);
    }

    /// <summary>Computes all rows of a sum over taps.</summary>
    private void SumTaps(string operation, in Conv1dShape s, in Conv1dTaps taps, DeviceSpan<float> from, DeviceSpan<int> lengths,
        DeviceSpan<float> weight, DeviceSpan<float> bias, DeviceSpan<float> result, bool isBackward)
    {
        var rows = taps.Batch * taps.Count;
        if (rows == 0)
            return;
        if (taps.Taps == 0)
        {
            for (int first = 0, count = ChunkRows(taps.OutWidth); first < rows; first += count)
                Place(operation, s, taps, default, lengths, result, first, Math.Min(count, rows - first), isBackward);
            return;
        }

        using var arrangement = Scratch((long)s.Outputs * s.GroupInputs * taps.Taps, out var arranged);
        Arrange(operation, s, taps, weight, arranged, isBackward, returns: false);
        if (s.IsDepthwise)
        {
            Channels(operation, s, taps, from, lengths, arranged, bias, result, isBackward);
            return;
        }

        // Rows of the result that do not follow each other, or end at lengths, are computed side by side first.
        var isPlaced = taps.OutStep != 1 || !lengths.IsAbsent;
        var perChunk = Math.Min(rows, ChunkRows(Math.Max(taps.Depth * taps.Groups, taps.OutWidth)));
        var isCopied = taps.Taps != 1 || taps.InStep != 1 || taps.InOffset != 0 || taps.InSteps != taps.Count
            || !lengths.IsAbsent;
        DeviceSpan<float> windows = default, computed = default;
        using var windowsBuffer = isCopied ? Scratch((long)perChunk * taps.Depth * taps.Groups, out windows) : null;
        using var computedBuffer = isPlaced ? Scratch((long)perChunk * taps.OutWidth, out computed) : null;
        for (var first = 0; first < rows; first += perChunk)
        {
            var count = Math.Min(perChunk, rows - first);
            if (isCopied)
                CopyWindows(operation, s, taps, from, lengths, windows, first, count, isBackward);
            else
                windows = from.Slice(first * taps.InWidth, count * taps.InWidth);
            var rowsOfResult = isPlaced ? computed : result.Slice(first * taps.OutWidth, count * taps.OutWidth);
            MatMul(new()
            {
                M = count,
                N = taps.To,
                K = taps.Depth,
                A = new Matrix(windows, taps.Groups * taps.Depth, BatchStride: taps.Depth),
                B = new Matrix(arranged, isBackward ? taps.To : taps.Depth, !isBackward, taps.Depth * taps.To),
                C = new Matrix(rowsOfResult, taps.OutWidth, BatchStride: taps.To),
                Bias = taps.Groups == 1 ? bias : default,
                Batch = taps.Groups,
            });
            if (taps.Groups > 1 && !bias.IsAbsent)
                AddToRows(operation, bias, rowsOfResult, count);
            if (isPlaced)
                Place(operation, s, taps, computed, lengths, result, first, count, isBackward);
        }
    }

    private static int ChunkRows(int width) => Math.Max(1, Conv1dFloats / Math.Max(1, width));

    private void AddToRows(string operation, DeviceSpan<float> bias, DeviceSpan<float> rows, int count) => Launch(
        new Conv1dBias { Bias = View(bias), Rows = View(rows), Width = new GpuDivisor(bias.Length), Count = count * bias.Length },
        (int)((count * (long)bias.Length + 255) / 256), operation);

    private void Arrange(string operation, in Conv1dShape s, in Conv1dTaps taps, DeviceSpan<float> weight,
        DeviceSpan<float> arranged, bool isBackward, bool returns)
    {
        var length = s.Outputs * s.GroupInputs * s.Kernel;
        Launch(new Conv1dArrangement
        {
            Weight = View(weight.Slice(0, length)),
            Arranged = View(arranged),
            Returns = returns ? 1 : 0,
            IsBackward = isBackward && !s.IsDepthwise ? 1 : 0,
            IsDepthwise = s.IsDepthwise ? 1 : 0,
            FirstTap = taps.FirstTap,
            TapStep = taps.TapStep,
            Taps = taps.Taps,
            Kernel = new GpuDivisor(s.Kernel),
            Inputs = new GpuDivisor(s.GroupInputs),
            GroupOutputs = new GpuDivisor(s.GroupOutputs),
            Outputs = s.Outputs,
        }, (int)((length + 255L) / 256), operation);
    }

    private void CopyWindows(string operation, in Conv1dShape s, in Conv1dTaps taps, DeviceSpan<float> from,
        DeviceSpan<int> lengths, DeviceSpan<float> windows, int first, int count, bool isBackward) => Launch(
        new Conv1dWindows
        {
            In = View(from),
            Lengths = View(lengths),
            Windows = View(windows),
            Sizes = new Conv1dGpuTaps(taps, s, isBackward),
            From = new GpuDivisor(taps.From),
            Taps = new GpuDivisor(taps.Taps),
            Groups = new GpuDivisor(taps.Groups),
            Count = new GpuDivisor(taps.Count),
            FirstRow = first,
            Rows = count,
        }, (int)(((long)count * taps.Taps * taps.InWidth + 255) / 256), operation);

    private void Place(string operation, in Conv1dShape s, in Conv1dTaps taps, DeviceSpan<float> computed,
        DeviceSpan<int> lengths, DeviceSpan<float> result, int first, int count, bool isBackward) => Launch(
        new Conv1dPlacement
        {
            Computed = View(computed),
            Lengths = View(lengths),
            Result = View(result),
            Sizes = new Conv1dGpuTaps(taps, s, isBackward),
            Width = new GpuDivisor(taps.OutWidth),
            Count = new GpuDivisor(taps.Count),
            FirstRow = first,
            Rows = count,
        }, (int)(((long)count * taps.OutWidth + 255) / 256), operation);

    private void Channels(string operation, in Conv1dShape s, in Conv1dTaps taps, DeviceSpan<float> from, DeviceSpan<int> lengths,
        DeviceSpan<float> weight, DeviceSpan<float> bias, DeviceSpan<float> result, bool isBackward)
    {
        int rows = taps.Batch * taps.Count, perChunk = ChunkRows(taps.OutWidth);
        for (var first = 0; first < rows; first += perChunk)
        {
            var count = Math.Min(perChunk, rows - first);
            Launch(new Conv1dChannels
            {
                In = View(from),
                Lengths = View(lengths),
                Weight = View(weight),
                Bias = View(bias),
                Result = View(result),
                Sizes = new Conv1dGpuTaps(taps, s, isBackward),
                Width = new GpuDivisor(taps.OutWidth),
                Count = new GpuDivisor(taps.Count),
                FirstRow = first,
                Rows = count,
            }, (int)(((long)count * taps.OutWidth + 255) / 256), operation);
        }
    }

    /// <summary>
    /// The gradient of the weight of a depth-wise convolution, (taps, channels): by blocks of rows, which are added.
    /// </summary>
    private void ChannelSums(string operation, in Conv1dShape s, DeviceSpan<float> x, DeviceSpan<int> lengths,
        DeviceSpan<float> dY, DeviceSpan<float> sums)
    {
        var taps = Conv1dTaps.Forward(s);
        int rows = taps.Batch * taps.Count, width = taps.Taps * taps.OutWidth;
        if (rows == 0)
        {
            Fill(new StridedSpan(sums, Layout.Contiguous([width])), 0f);
            return;
        }

        var blocks = Math.Clamp(ChunkRows(width), 1, Math.Max(1, rows / 32));
        var perBlock = (rows + blocks - 1) / blocks;
        blocks = (rows + perBlock - 1) / perBlock;
        using var buffer = Scratch((long)blocks * width, out var parts);
        Launch(new Conv1dChannelSums
        {
            In = View(x),
            Lengths = View(lengths),
            DY = View(dY),
            Sums = View(parts),
            Sizes = Conv1dGpuTaps.OfResult(s),
            Width = new GpuDivisor(taps.OutWidth),
            Taps = new GpuDivisor(taps.Taps),
            Count = new GpuDivisor(taps.Count),
            Total = rows,
            Rows = perBlock,
        }, (int)(((long)blocks * width + 255) / 256), operation);
        AddUpRows(parts, blocks, width, sums);
    }

    /// <summary>The gradient of the weight, (groups, O / groups, taps, I / groups).</summary>
    private void WeightProducts(string operation, in Conv1dShape s, DeviceSpan<float> x, DeviceSpan<int> lengths,
        DeviceSpan<float> dY, DeviceSpan<float> arranged)
    {
        var taps = Conv1dTaps.Forward(s);
        int rows = taps.Batch * taps.Count, side = taps.Groups * taps.Depth;
        if (rows == 0)
        {
            Fill(new StridedSpan(arranged, Layout.Contiguous([taps.OutWidth * taps.Depth])), 0f);
            return;
        }

        var perChunk = Math.Min(rows, ChunkRows(side));
        using var buffer = Scratch((long)perChunk * side, out var windows);
        for (var first = 0; first < rows; first += perChunk)
        {
            var count = Math.Min(perChunk, rows - first);
            CopyWindows(operation, s, taps, x, lengths, windows, first, count, isBackward: false);
            MatMul(new()
            {
                M = taps.To,
                N = taps.Depth,
                K = count,
                A = new Matrix(dY.Slice(first * taps.OutWidth, count * taps.OutWidth), taps.OutWidth, true, taps.To),
                B = new Matrix(windows, side, BatchStride: taps.Depth),
                C = new Matrix(arranged, taps.Depth, BatchStride: taps.To * taps.Depth),
                Beta = first == 0 ? 0f : 1f,
                Batch = taps.Groups,
            });
        }
    }

    /// <summary>The sum of rows, as a product with ones.</summary>
    private void AddUpRows(DeviceSpan<float> from, int rows, int width, DeviceSpan<float> sum)
    {
        using var buffer = Scratch(Math.Max(1, rows), out var ones);
        Fill(new StridedSpan(ones, Layout.Contiguous([ones.Length])), 1f);
        MatMul(new()
        {
            M = 1,
            N = width,
            K = rows,
            A = new Matrix(ones, Math.Max(1, rows)),
            B = new Matrix(from, width),
            C = new Matrix(sum, width),
        });
    }
}
