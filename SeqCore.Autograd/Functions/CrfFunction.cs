using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes the negative log-likelihood of a linear-chain conditional random field, which <see cref="Backend.Crf"/> defines.
/// Shapes: emissions (B, T, K), transitions (K, K), start and end (K,), targets (B, T), lengths (B,) or null; the result is a
/// scalar, or (B,) without a reduction.
/// </summary>
internal sealed class CrfFunction(Variable emissions, Variable transitions, Variable start, Variable end, IndexTensor targets,
    IndexTensor? lengths, LossReduction reduction)
    : Function(emissions, transitions, start, end)
{
    private Tensor?[] gradients = [];

    protected override Tensor Forward()
    {
        CrfShapes.Check(Name, emissions.Shape, transitions.Shape, start.Shape, end.Shape, lengths);
        CheckTargets();
        var backend = emissions.Value.Backend;
        var losses = Tensor.Uninitialized(new Shape(emissions.Shape[0]), backend);
        var arguments = Arguments(losses.Span, default);

        // One factor serves all rows, so the gradient is computed with the losses.
        if (IsRecorded && reduction != LossReduction.None)
            gradients = Array.ConvertAll(Compute(backend, arguments), g => g is null ? null : Save(g));
        else
            backend.Crf(arguments);
        if (reduction == LossReduction.None)
            return losses;
        var total = reduction == LossReduction.Mean ? losses.Mean() : losses.Sum();
        losses.Dispose();
        return total;
    }

    protected override void Backward(Tensor dY)
    {
        var isScaled = reduction == LossReduction.None;
        if (isScaled)
            gradients = Compute(dY.Backend, Arguments(default, dY.Span));
        Variable[] inputs = [emissions, transitions, start, end];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (gradients[i] is not { } gradient)
                continue;
            if (!isScaled && !IsOne(dY))
                gradient.MultiplyInPlace(dY);
            AddGradient(inputs[i], gradient);
        }
    }

    private static Tensor? GradientOf(Variable input) =>
        NeedsGradient(input) ? Tensor.Uninitialized(input.Shape, input.Value.Backend) : null;

    private CrfArguments Arguments(DeviceSpan<float> losses, DeviceSpan<float> scales) => new()
    {
        Batch = emissions.Shape[0],
        Steps = emissions.Shape[1],
        Tags = emissions.Shape[2],
        Emissions = emissions.Value.Contiguous().Span,
        Transitions = transitions.Value.Contiguous().Span,
        Start = start.Value.Contiguous().Span,
        End = end.Value.Contiguous().Span,
        Targets = targets.Span,
        Lengths = lengths?.Span ?? default,
        Losses = losses,
        Scales = scales,
        Scale = reduction == LossReduction.Mean ? 1f / emissions.Shape[0] : 1f,
    };

    private Tensor?[] Compute(Backend backend, in CrfArguments arguments)
    {
        Tensor?[] made = [GradientOf(emissions), GradientOf(transitions), GradientOf(start), GradientOf(end)];
        backend.CrfGradient(arguments, new()
        {
            DEmissions = made[0]?.Span ?? default,
            DTransitions = made[1]?.Span ?? default,
            DStart = made[2]?.Span ?? default,
            DEnd = made[3]?.Span ?? default,
        });
        return made;
    }

    private void CheckTargets()
    {
        var expected = new Shape(emissions.Shape[0], emissions.Shape[1]);
        if (!targets.Shape.Equals(expected))
        {
            throw ShapeException.Wrong(Name, "targets", $"(B, T) = {expected}", targets.Shape,
                $"emissions (B, T, K) is {emissions.Shape}");
        }

        if (!Enum.IsDefined(reduction))
        {
            throw new ArgumentOutOfRangeException(nameof(reduction), reduction,
                $"{Name}: there is no such reduction; the reductions are Mean, Sum and None.");
        }

        if (reduction == LossReduction.Mean && expected[0] == 0)
        {
            throw new ArgumentException($"{Name}: there is no mean, because there are no sequences. Leave an empty batch out, or"
                + " sum the losses.");
        }
    }
}
