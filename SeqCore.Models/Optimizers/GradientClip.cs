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
    /// is not finite. Of a sparse gradient only the rows that have one are read and changed.
    /// </remarks>
    public static ClippedNorm ByGlobalNorm(IEnumerable<Parameter> parameters, float maxNorm)
    {
        // Joined lists of tied parts name a parameter twice, but it has one gradient.
        IReadOnlyList<Parameter> clipped =
            [.. Argument.NoNulls(parameters, nameof(GradientClip), nameof(parameters)).Distinct()];
        var found = Find(clipped, maxNorm, []);
        if (found.Factor() is not { } view)
            return found;
        using var factor = view;
        using var scalar = factor.Reshape(Shape.Scalar);
        foreach (var parameter in clipped)
            parameter.ChangeGradient(gradient => gradient.MultiplyInPlace(scalar));
        return found;
    }

    /// <summary>Computes the norm and the scale; the gradients do not change, for a step that applies the scale itself.</summary>
    /// <param name="parameters">The parameters that the optimizer changes.</param>
    /// <param name="maxNorm">The largest norm that is not clipped, above 0.</param>
    /// <param name="gradients">A list for temporary use, which a caller can keep from step to step.</param>
    internal static ClippedNorm Find(IEnumerable<Parameter> parameters, float maxNorm, List<DeviceSpan<float>> gradients)
    {
        CheckPositive(maxNorm, nameof(maxNorm));
        gradients.Clear();
        if (AddGradients(parameters, gradients) is not { } backend)
            return default;
        var values = Tensor.Zeros([2], backend);
        backend.ClipFactor(CollectionsMarshal.AsSpan(gradients), maxNorm, values.Span);
        gradients.Clear();
        return new ClippedNorm(values);
    }

    /// <summary>
    /// Adds the gradients that a step would use to a list; of a sparse gradient its runs of neighbouring rows.
    /// </summary>
    /// <returns>The backend that holds them, or null if there are none.</returns>
    internal static Backend? AddGradients(IEnumerable<Parameter> parameters, List<DeviceSpan<float>> gradients)
    {
        Backend? backend = null;
        foreach (var parameter in parameters)
        {
            if (parameter is not { RequiresGradient: true, Gradient: { } gradient })
                continue;
            backend ??= gradient.Backend;
            var whole = gradient.Span;
            if (parameter.GradientRows is not { } rows)
            {
                gradients.Add(whole);
                continue;
            }

            foreach (var (start, length) in new RowRuns(rows, gradient.Shape[-1]))
                gradients.Add(whole.Slice(start, length));
        }

        return backend;
    }

    /// <summary>Clamps every element of every gradient to [-bound, bound], in place.</summary>
    /// <param name="parameters">The parameters; those without a gradient are skipped.</param>
    /// <param name="bound">The largest magnitude that is not clipped, above 0.</param>
    public static void ByValue(IEnumerable<Parameter> parameters, float bound)
    {
        CheckPositive(bound, nameof(bound));
        foreach (var parameter in Argument.NoNulls(parameters, nameof(GradientClip), nameof(parameters)))
        {
            parameter.ChangeGradient(gradient =>
                gradient.MapInPlace(new ClampOperation(-bound, bound), "GradientClip.ByValue"));
        }
    }

    private static void CheckPositive(float value, string name)
    {
        if (!(value > 0f))
            throw new ArgumentOutOfRangeException(name, value, $"GradientClip: {name} should be above 0.");
    }
}
