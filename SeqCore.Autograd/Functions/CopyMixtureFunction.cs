using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes the log probabilities of generating a token or copying one, which <see cref="Backend.CopyMixture"/> defines. Shapes:
/// logits (B, T, V), weights (B, T, S), gate (B, T), tokens (B, S), lengths (B,) or null; the result has shape (B, T, V).
/// </summary>
internal sealed class CopyMixtureFunction(Variable logits, Variable weights, Variable gate, IndexTensor tokens,
    IndexTensor? lengths)
    : Function(logits, weights, gate)
{
    private Tensor? y, normalizers;

    protected override Tensor Forward()
    {
        CheckShapes();
        var backend = logits.Value.Backend;
        y = Tensor.Uninitialized(logits.Shape, backend);
        normalizers = Save(Tensor.Uninitialized(new Shape(logits.Shape[0], logits.Shape[1], 2), backend));
        backend.CopyMixture(Arguments());
        return y;
    }

    protected override void Backward(Tensor dY)
    {
        RequireUnchanged(logits.Value, weights.Value, gate.Value);
        RequireUnchanged(tokens);
        RequireUnchanged(lengths);
        Tensor? dLogits = GradientOf(logits), dWeights = GradientOf(weights), dGate = GradientOf(gate);
        dY.Backend.CopyMixtureGradient(Arguments(), new()
        {
            DLogProbabilities = dY.Contiguous().Span,
            DLogits = dLogits?.Span ?? default,
            DWeights = dWeights?.Span ?? default,
            DGates = dGate?.Span ?? default,
        });
        Add(logits, dLogits);
        Add(weights, dWeights);
        Add(gate, dGate);

        void Add(Variable input, Tensor? gradient)
        {
            if (gradient is not null)
                AddGradient(input, gradient);
        }
    }

    private static Tensor? GradientOf(Variable input) =>
        NeedsGradient(input) ? Tensor.Uninitialized(input.Shape, input.Value.Backend) : null;

    private CopyMixtureArguments Arguments() => new()
    {
        Batch = logits.Shape[0],
        Steps = logits.Shape[1],
        Vocabulary = logits.Shape[2],
        SourceLength = tokens.Shape[1],
        Logits = logits.Value.Contiguous().Span,
        Weights = weights.Value.Contiguous().Span,
        Gates = gate.Value.Contiguous().Span,
        Tokens = tokens.Span,
        Lengths = lengths?.Span ?? default,
        LogProbabilities = y!.Span,
        Normalizers = normalizers!.Span,
    };

    private void CheckShapes()
    {
        if (logits.Shape.Rank != 3 || logits.Shape[2] == 0)
        {
            throw ShapeException.Wrong(Name, "logits", "(B, T, V) with V at least 1", logits.Shape, null,
                logits.Shape.Rank == 2 ? "for one step of each row add a time axis with Unsqueeze(1)" : null);
        }

        var (batch, steps) = (logits.Shape[0], logits.Shape[1]);
        var because = $"logits (B, T, V) is {logits.Shape}";
        if (tokens.Shape.Rank != 2 || tokens.Shape[0] != batch)
            throw ShapeException.Wrong(Name, "tokens", $"(B, S) = ({batch}, S)", tokens.Shape, because);
        var expected = new Shape(batch, steps, tokens.Shape[1]);
        if (!weights.Shape.Equals(expected))
        {
            throw ShapeException.Wrong(Name, "weights", $"(B, T, S) = {expected}", weights.Shape,
                $"{because} and tokens (B, S) is {tokens.Shape}",
                weights.Shape.Rank == 4 ? "take one head of (B, N, T, S) with Select(1, 0), or their mean with Mean(1)" : null);
        }

        if (!gate.Shape.Equals(new Shape(batch, steps)))
        {
            throw ShapeException.Wrong(Name, "gate", $"(B, T) = ({batch}, {steps})", gate.Shape, because,
                gate.Shape.Rank == 3 ? "remove the last axis of a linear layer's result with Squeeze(-1)" : null);
        }

        if (lengths is not null && !lengths.Shape.Equals(new Shape(batch)))
            throw ShapeException.Wrong(Name, "lengths", $"(B,) = ({batch},)", lengths.Shape, because);
    }
}
