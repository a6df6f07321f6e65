using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Convolves sequences, which <see cref="Backend.Conv1d"/> defines. Shapes: x (B, T, I), weight (O, I / groups, K), bias (O,) or
/// null, lengths (B,) or null; the result is (B, T', O).
/// </summary>
internal sealed class Conv1dFunction(Variable x, Variable weight, Variable? bias, Conv1dOptions options, IndexTensor? lengths)
    : Function(bias is null ? [x, weight] : [x, weight, bias])
{
    private Conv1dShape shape;

    protected override Tensor Forward()
    {
        CheckShapes();
        var y = Tensor.Uninitialized(new Shape(shape.Batch, shape.OutputSteps, shape.Outputs), x.Value.Backend);
        x.Value.Backend.Conv1d(new()
        {
            Shape = shape,
            X = x.Value.Contiguous().Span,
            Weight = weight.Value.Contiguous().Span,
            Bias = bias?.Value.Contiguous().Span ?? default,
            Lengths = lengths?.Span ?? default,
            Y = y.Span,
        });
        return y;
    }

    protected override void Backward(Tensor dY)
    {
        var (dX, dWeight, dBias) = (GradientOf(x), GradientOf(weight), GradientOf(bias));
        dY.Backend.Conv1dGradient(
            new()
            {
                Shape = shape,
                X = x.Value.Contiguous().Span,
                Weight = weight.Value.Contiguous().Span,
                Lengths = lengths?.Span ?? default,
            },
            new()
            {
                DY = dY.Span,
                DX = dX?.Span ?? default,
                DWeight = dWeight?.Span ?? default,
                DBias = dBias?.Span ?? default,
            });
        foreach (var (input, gradient) in ((Variable?, Tensor?)[])[(x, dX), (weight, dWeight), (bias, dBias)])
        {
            if (gradient is not null)
                AddGradient(input, gradient);
        }
    }

    private static Tensor? GradientOf(Variable? input) =>
        NeedsGradient(input) ? Tensor.Uninitialized(input!.Shape, input.Value.Backend) : null;

    private void CheckShapes()
    {
        options.Check(Name);
        if (weight.Shape.Rank != 3)
        {
            throw ShapeException.Wrong(Name, "weight", "(O, I / groups, K)", weight.Shape, null,
                weight.Shape.Rank == 2 ? "for one tap add an axis with Unsqueeze(2)" : null);
        }

        int groups = options.Groups, inputs = SizeLimitException.Product($"{Name}: the channels of x", weight.Shape[1], groups),
            outputs = weight.Shape[0];
        if (weight.Shape.ElementCount == 0 || outputs % groups != 0)
        {
            throw ShapeException.Wrong(Name, "weight",
                $"(O, I / groups, K), with O a multiple of groups = {groups} and no axis empty", weight.Shape);
        }

        if (x.Shape.Rank != 3 || x.Shape[2] != inputs)
        {
            throw ShapeException.Wrong(Name, "x", $"(B, T, I) = (B, T, {inputs})", x.Shape,
                $"weight (O, I / groups, K) is {weight.Shape} and groups = {groups}", XHint(inputs));
        }

        if (bias is not null && !bias.Shape.Equals(new Shape(outputs)))
        {
            throw ShapeException.Wrong(Name, "bias", $"(O,) = {new Shape(outputs)}", bias.Shape,
                $"weight (O, I / groups, K) is {weight.Shape}");
        }

        if (lengths is not null && !lengths.Shape.Equals(new Shape(x.Shape[0])))
        {
            throw ShapeException.Wrong(Name, "lengths", $"(B,) = {new Shape(x.Shape[0])}", lengths.Shape,
                $"x (B, T, I) is {x.Shape}");
        }

        shape = options.Of(x.Shape[0], x.Shape[1], inputs, outputs, weight.Shape[2]);
    }

    private string? XHint(int inputs)
    {
        if (x.Shape.Rank == 3 && x.Shape[1] == inputs)
            return "the channels are the last axis here, not axis 1: Transpose(1, 2)";
        if (x.Shape.Rank == 2)
            return "for one sequence add a batch axis with Unsqueeze(0)";
        return x.Shape.Rank == 3 && x.Shape[2] == weight.Shape[1] && options.Groups > 1
            ? "the weight has the channels of one group on axis 1" : null;
    }
}
