using System.Runtime.InteropServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore.Models;

/// <summary>Limits the size of gradients.</summary>
public static class GradientClip
{
    /// <summary>
    /// Multiplies every gradient, in place, by scale = min(1, maxNorm / (norm + 1e-6)), where norm is that of all gradients
    /// together (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", arXiv:1211.5063). Does
    /// not wait for the device. If the norm is not finite, all gradients become NaN, as in PyTorch.
    /// </summary>
    /// <param name="parameters">
    /// The parameters that the optimizer changes: others would count in the norm. Frozen ones and those without a gradient are
    /// skipped.
    /// </param>
    /// <param name="maxNorm">The largest norm that is not clipped, above 0.</param>
    /// <returns>The norm before clipping, and the scale.</returns>
    /// <remarks>
    /// <see cref="Optimizer.StepClipped"/> does the same without a separate pass over the gradients, and skips a step whose norm
    /// is not finite.
    /// </remarks>
    public static ClippedNorm ByGlobalNorm(IEnumerable<Parameter> parameters, float maxNorm)
    {
        // Joined lists of tied parts name a parameter twice, but it has one gradient.
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

    /// <summary>Computes the norm and the scale; the gradients do not change, for a step that applies the scale itself.</summary>
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

    /// <summary>Returns the gradients that a step would use, and the backend that holds them.</summary>
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

    /// <summary>Clamps every element of every gradient to [-bound, bound], in place.</summary>
    /// <param name="parameters">The parameters; those without a gradient are skipped.</param>
    /// <param name="bound">The largest magnitude that is not clipped, above 0.</param>
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
