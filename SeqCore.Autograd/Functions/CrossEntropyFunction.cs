using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes the softmax cross-entropy, which <see cref="Backend.CrossEntropy"/> defines. Shapes: logits (..., V), targets (...),
/// token weights (...) or null, class weights (V,) or null; the result is a scalar, or has shape (...) without a reduction.
/// </summary>
internal sealed class CrossEntropyFunction(Variable logits, IndexTensor targets, LossReduction reduction,
    CrossEntropyOptions options, Tensor? tokenWeights, Tensor? classWeights)
    : Function(logits)
{
    private int rows, classes;
    private Tensor? logSumExp, dLogits, meanWeight;

    /// <summary>
    /// Computes the loss. If one factor serves all rows and a backward pass may follow, it computes the gradient too, so that the
    /// logits are read from memory only once.
    /// </summary>
    protected override Tensor Forward()
    {
        CheckShapes();
        if (classWeights is not null && options.LabelSmoothing > 0f)
            meanWeight = Save(classWeights.Mean());
        var backend = logits.Value.Backend;
        var x = logits.Value.Contiguous();
        var losses = Tensor.Uninitialized(targets.Shape, backend);
        using var scale = reduction == LossReduction.Mean ? MeanScale(backend) : null;
        if (IsRecorded && reduction != LossReduction.None)
        {
            dLogits = Save(Tensor.Uninitialized(logits.Shape, backend));
            backend.CrossEntropyWithGradient(new()
            {
                Logits = x.Span,
                Targets = targets.Span,
                Weights = Weights,
                Losses = losses.Span,
                DLogits = dLogits.Span,
                Scales = scale?.Span ?? default,
                Rows = rows,
                Classes = classes,
                Options = options,
            });
        }
        else
        {
            logSumExp = Save(Tensor.Uninitialized(targets.Shape, backend));
            backend.CrossEntropy(new()
            {
                Logits = x.Span,
                Targets = targets.Span,
                Weights = Weights,
                Losses = losses.Span,
                LogSumExp = logSumExp.Span,
                Rows = rows,
                Classes = classes,
                Options = options,
            });
        }

        if (reduction == LossReduction.None)
            return losses;
        var total = losses.Sum();
        losses.Dispose();
        if (scale is not null)
            total.MultiplyInPlace(scale);
        return total;
    }

    protected override void Backward(Tensor dY)
    {
        if (dLogits is { } gradient)
        {
            // This saves a second pass over a tensor that may be the largest of the step if the loss is where back-propagation
            // starts.
            if (!IsOne(dY))
                gradient.MultiplyInPlace(dY);
            AddGradient(logits, gradient);
            return;
        }

        var dX = Tensor.Uninitialized(logits.Shape, dY.Backend);
        dY.Backend.CrossEntropyGradient(new()
        {
            Logits = logits.Value.Contiguous().Span,
            Targets = targets.Span,
            Weights = Weights,
            LogSumExp = logSumExp!.Span,
            Scales = dY.Span,
            DLogits = dX.Span,
            Rows = rows,
            Classes = classes,
            Options = options,
        });
        AddGradient(logits, dX);
    }

    private CrossEntropyWeights Weights => new(tokenWeights?.Contiguous().Span ?? default,
        classWeights?.Contiguous().Span ?? default, meanWeight?.Span ?? default);

    /// <summary>
    /// Returns 1 / the sum of the weights of the tokens that count; it stays on the device, so that no step waits for it.
    /// </summary>
    private Tensor MeanScale(Backend backend)
    {
        var scale = Tensor.Uninitialized(Shape.Scalar, backend);
        backend.CrossEntropyScale(targets.Span, Weights, scale.Span, rows, options.IgnoreIndex);
        return scale;
    }

    private void CheckShapes()
    {
        (rows, classes) = RowShape.Of(Name, "logits", logits.Shape);
        var expected = RowShape.Leading(logits.Shape);
        var ofClasses = new Shape(classes);
        if (!targets.Shape.Equals(expected))
        {
            // PyTorch's classes are on axis 1: (N, C) or (N, C, L).
            var areOnAxisOne = logits.Shape.Rank > 2 && targets.Shape.Equals(
                new Shape([logits.Shape[0], .. logits.Shape.Sizes[2..]]));
            throw ShapeException.Wrong(Name, "targets", $"(...) = {expected}", targets.Shape,
                $"logits (..., V) is {logits.Shape}",
                areOnAxisOne ? "the classes are the last axis here, not axis 1: move them with Transpose or Permute" : null);
        }

        if (tokenWeights is not null && !tokenWeights.Shape.Equals(expected))
        {
            throw ShapeException.Wrong(Name, nameof(tokenWeights), $"(...) = {expected}", tokenWeights.Shape,
                $"logits (..., V) is {logits.Shape}",
                tokenWeights.Shape.Equals(ofClasses) ? "pass weights of classes as classWeights" : null);
        }

        if (classWeights is not null && !classWeights.Shape.Equals(ofClasses))
        {
            throw ShapeException.Wrong(Name, nameof(classWeights), $"(V,) = {ofClasses}", classWeights.Shape,
                $"logits (..., V) is {logits.Shape}",
                classWeights.Shape.Equals(expected) ? "pass weights of tokens as tokenWeights" : null);
        }

        if (!Enum.IsDefined(reduction))
        {
            throw new ArgumentOutOfRangeException(nameof(reduction), reduction,
                $"{Name}: there is no such reduction; the reductions are Mean, Sum and None.");
        }

        if (options.LabelSmoothing is not (>= 0f and < 1f))
            throw new ArgumentException($"{Name}: label smoothing should be in [0, 1); got {options.LabelSmoothing}.");
    }
}
