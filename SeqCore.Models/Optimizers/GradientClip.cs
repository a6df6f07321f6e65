using System.Runtime.InteropServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore.Models;

/// <summary>Keeps gradients from growing too large.</summary>
public static class GradientClip
{
    /// <summary>
    /// Multiplies every gradient, in place, by scale = min(1, maxNorm / (norm + 1e-6)), norm being that of all gradients together
    /// (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", arXiv:1211.5063). Does not wait
    /// for the device. Where the norm is not finite, all gradients become NaN, as in PyTorch.
    /// </summary>
    /// <param name="parameters">
    /// Those that the optimizer changes: others would take from these. Frozen ones and those without a gradient are left out.
    /// </param>
    /// <param name="maxNorm">The norm that is let through, above 0.</param>
    /// <returns>The norm before, and the scale.</returns>
    /// <remarks>
    /// <see cref="Optimizer.StepClipped"/> does the same without a pass of its own over the gradients, and skips a step whose
    /// norm is not finite.
    /// </remarks>
    public static ClippedNorm ByGlobalNorm(IEnumerable<Parameter> parameters, float maxNorm)
    {
        // Lists of tied parts, joined, name a parameter twice; it has one gradient.
        IReadOnlyList<Parameter> clipped =
            [.. Argument.NoNulls(parameters, nameof(GradientClip), nameof(parameters)).Distinct()];
        var found = Find(clipped, maxNorm);
        if (found.Factor() is not { } view)
            return found;
        using var factor = view;
        using var scalar = factor.Reshape(Shape.Scalar);
        foreach (var parameter in clipped)
            parameter.Gradient?.MultiplyInPlace(scalar);
        return found;
    }

    /// <summary>The norm and the scale; the gradients stay as they are, for a step that scales them on the way.</summary>
    internal static ClippedNorm Find(IEnumerable<Parameter> parameters, float maxNorm)
    {
        CheckPositive(maxNorm, nameof(maxNorm));
        var gradients = Gradients(parameters, out var backend);
        if (backend is null)
            return default;
        var values = Tensor.Zeros([2], backend);
        backend.ClipFactor(gradients, maxNorm, values.Span);
        return new ClippedNorm(values);
    }

    /// <summary>The gradients that a step would use, and whose memory they are.</summary>
    internal static ReadOnlySpan<DeviceSpan<float>> Gradients(IEnumerable<Parameter> parameters, out Backend? backend)
    {
        var gradients = new List<DeviceSpan<float>>();
        backend = null;
        foreach (var parameter in parameters)
        {
            if (parameter is not { RequiresGradient: true, Gradient: { } gradient })
                continue;
            backend ??= gradient.Backend;
            gradients.Add(gradient.Span);
        }

        return CollectionsMarshal.AsSpan(gradients);
    }

    /// <summary>Sets every element of every gradient that lies outside [-bound, bound] to the nearer end, in place.</summary>
    /// <param name="parameters">Those without a gradient are left out.</param>
    /// <param name="bound">The greatest magnitude that is let through, above 0.</param>
    public static void ByValue(IEnumerable<Parameter> parameters, float bound)
    {
        CheckPositive(bound, nameof(bound));
        foreach (var parameter in Argument.NoNulls(parameters, nameof(GradientClip), nameof(parameters)))
        {
            parameter.Gradient?.MapInPlace(new ClampOperation(-bound, bound), "GradientClip.ByValue");
        }
    }

    private static void CheckPositive(float value, string name)
    {
        if (!(value > 0f))
            throw new ArgumentOutOfRangeException(name, value, $"GradientClip: {name} should be above 0.");
    }
}
