using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>Steps of an optimizer.</summary>
internal static class OptimizerWorkloads
{
    private const int Tensors = 40;

    internal static readonly WorkloadKind[] Kinds = [new("adam_step", "N", sizes => Adam(sizes[0]))];

    /// <summary>One Adam step over N parameters held in up to 40 tensors: reads p, g, m and v, writes p, m and v.</summary>
    private static Workload Adam(int count)
    {
        // Sizes as equal as can be, which add up to N.
        var parameters = Enumerable.Range(0, Tensors).Select(i => (int)(((long)count + i) / Tensors)).Where(size => size > 0)
            .Select(size => new Parameter(Inputs.Normal(size))).ToArray();
        foreach (var parameter in parameters)
        {
            // d(p . g)/dp = g
            using var tape = new Tape();
            tape.Backward((parameter * Inputs.Normal(parameter.Shape[0])).Sum());
        }

        var optimizer = new Adam(parameters, 1e-3f);
        return new Workload(() => optimizer.Step(), Floats: 7.0 * count);
    }
}
