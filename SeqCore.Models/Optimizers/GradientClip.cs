using System.Runtime.InteropServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore.Models;

/// <summary>Keeps gradients from growing too large.</summary>
public static class GradientClip
{
    /// <summary>
    /// Finds scale = min(1, maxNorm / (norm + 1e-6)) over all gradients together (Pascanu, Mikolov and Bengio, "On the difficulty
    /// of training recurrent neural networks", arXiv:1211.5063). The gradients stay as they are: the optimizer's step scales
    /// them, and changes nothing where the norm is not finite.
    /// </summary>
    /// <param name="parameters">
    /// Those that the optimizer changes: others would take from these. Frozen ones and those without a gradient are left out.
    /// </param>
    /// <param name="maxNorm">The norm that is let through, above 0.</param>
    public static ClippedNorm ByGlobalNorm(IEnumerable<Parameter> parameters, float maxNorm)
    {
        ArgumentNullException.ThrowIfNull(parameters);
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
        ArgumentNullException.ThrowIfNull(parameters);
        CheckPositive(bound, nameof(bound));
        foreach (var parameter in parameters)
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
