using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>What clipping by the global norm found.</summary>
/// <param name="Norm">sqrt of the sum of all squares of all gradients.</param>
/// <param name="Scale">What to hand to <see cref="Optimizer.Step"/>; 1 where nothing is clipped.</param>
public readonly record struct ClippedNorm(double Norm, float Scale);

/// <summary>Keeps gradients from growing too large.</summary>
public static class GradientClip
{
    /// <summary>
    /// Finds scale = min(1, maxNorm / (norm + 1e-6)) over all gradients together (Pascanu, Mikolov and Bengio, "On the difficulty
    /// of training recurrent neural networks", arXiv:1211.5063). The gradients stay as they are: the optimizer's step scales them.
    /// </summary>
    /// <param name="parameters">Those without a gradient are left out.</param>
    /// <param name="maxNorm">The norm that is let through, above 0.</param>
    public static ClippedNorm ByGlobalNorm(IEnumerable<Parameter> parameters, float maxNorm)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        CheckPositive(maxNorm, nameof(maxNorm));
        var gradients = new List<DeviceSpan<float>>();
        Backend? backend = null;
        foreach (var parameter in parameters)
        {
            if (parameter.Gradient is not { } gradient)
                continue;
            backend ??= gradient.Backend;
            gradients.Add(gradient.Span);
        }

        if (backend is null)
            return new ClippedNorm(0, 1f);
        var norm = backend.GlobalNorm(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(gradients));
        return new ClippedNorm(norm, (float)Math.Min(1, maxNorm / (norm + 1e-6)));
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
            if (parameter.Gradient is { } gradient)
                gradient.Backend.Unary(new ClampOperation(-bound, bound), gradient.Strided, gradient.Strided);
        }
    }

    private static void CheckPositive(float value, string name)
    {
        if (!(value > 0f))
            throw new ArgumentOutOfRangeException(name, value, $"GradientClip: {name} should be above 0.");
    }
}
