using System.Buffers;
using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Autograd.Functions;

/// <summary>How the losses of the tokens become the result.</summary>
public enum LossReduction
{
    /// <summary>Their weighted mean over the tokens that count.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay as they are, one for each token.</summary>
    None,
}

/// <summary>
/// Softmax cross-entropy: <see cref="Backend.CrossEntropy"/> has the formula. Shapes: logits (..., V), targets (...), weights
/// (...) or null; the result is a scalar, or has shape (...) without a reduction.
/// </summary>
internal sealed class CrossEntropyFunction(Variable logits, IndexTensor targets, LossReduction reduction, CrossEntropyOptions options, Tensor? weights)
    : Function(logits)
{
    private int rows, classes;
    private Tensor? logSumExp, dLogits;

    /// <summary>
    /// Where one factor serves all rows and a backward pass may come, the gradient is made here too, so that the logits are read
    /// from memory only once.
    /// </summary>
    protected override Tensor Forward()
    {
        CheckShapes();
        var backend = logits.Value.Backend;
        var x = logits.Value.Contiguous();
        var losses = Tensor.Uninitialized(targets.Shape, backend);
        var scale = reduction == LossReduction.Mean ? (float)(1 / TotalWeight()) : 1f;
        if (IsRecorded && reduction != LossReduction.None)
        {
            dLogits = Save(Tensor.Uninitialized(logits.Shape, backend));
            backend.CrossEntropyWithGradient(x.Span, targets.Span, Weights, losses.Span, dLogits.Span, scale, rows, classes, options);
        }
        else
        {
            logSumExp = Save(Tensor.Uninitialized(targets.Shape, backend));
            backend.CrossEntropy(x.Span, targets.Span, Weights, losses.Span, logSumExp.Span, rows, classes, options);
        }

        if (reduction == LossReduction.None)
            return losses;
        var total = losses.Sum();
        losses.Dispose();
        return scale == 1f ? total : total * scale;
    }

    protected override void Backward(Tensor dY)
    {
        if (dLogits is { } gradient)
        {
            var factor = dY.Item();
            if (factor != 1f)
                gradient.MultiplyInPlace(factor);
            Give(logits, gradient);
            return;
        }

        var dX = Tensor.Uninitialized(logits.Shape, dY.Backend);
        dY.Backend.CrossEntropyGradient(logits.Value.Contiguous().Span, targets.Span, Weights, logSumExp!.Span, dY.Span, dX.Span, rows, classes, options);
        Give(logits, dX);
    }

    private DeviceSpan<float> Weights => weights?.Contiguous().Span ?? default;

    /// <summary>The sum of the weights of the tokens that count.</summary>
    private double TotalWeight()
    {
        var classesOfTokens = ArrayPool<int>.Shared.Rent(rows);
        var weightsOfTokens = ArrayPool<float>.Shared.Rent(rows);
        targets.Backend.Download(targets.Span, classesOfTokens.AsSpan(0, rows));
        if (weights is not null)
            weights.Backend.Download(Weights, weightsOfTokens.AsSpan(0, rows));
        var total = 0.0;
        for (var i = 0; i < rows; i++)
        {
            if (classesOfTokens[i] != options.IgnoreIndex)
                total += weights is null ? 1.0 : weightsOfTokens[i];
        }

        ArrayPool<int>.Shared.Return(classesOfTokens);
        ArrayPool<float>.Shared.Return(weightsOfTokens);
        return total > 0 ? total : throw new ArgumentException(
            $"{Name}: the mean is over no token, because every target is the ignored index {options.IgnoreIndex} or has weight 0. Leave such a batch out, or sum the losses.");
    }

    private void CheckShapes()
    {
        (rows, classes) = Rows.Of(Name, "logits", logits.Shape);
        var expected = Rows.Leading(logits.Shape);
        if (!targets.Shape.Equals(expected))
            throw ShapeException.Wrong(Name, "targets", $"(...) = {expected}", targets.Shape, $"logits (..., V) is {logits.Shape}");
        if (weights is not null && !weights.Shape.Equals(expected))
            throw ShapeException.Wrong(Name, "weights", $"(...) = {expected}", weights.Shape, $"logits (..., V) is {logits.Shape}");
        if (options.LabelSmoothing is not (>= 0f and < 1f))
            throw new ArgumentException($"{Name}: label smoothing should lie in [0, 1); got {options.LabelSmoothing}.");
    }
}
