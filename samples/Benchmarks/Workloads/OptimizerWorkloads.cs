using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>Steps of an optimizer.</summary>
internal static class OptimizerWorkloads
{
    private const int Tensors = 40;

    internal static readonly WorkloadKind[] Kinds = [new("adam_step", "N", sizes => Adam(sizes[0]))];

    /// <summary>One Adam step over N parameters held in 40 tensors: reads p, g, m and v, writes p, m and v.</summary>
    private static Workload Adam(int count)
    {
        var parameters = new Parameter[Tensors];
        for (var i = 0; i < Tensors; i++)
        {
            parameters[i] = new Parameter(Inputs.Normal(count / Tensors));

            // d(p . g)/dp = g
            using var tape = new Tape();
            tape.Backward((parameters[i] * Inputs.Normal(count / Tensors)).Sum());
        }

        var optimizer = new Adam(parameters, 1e-3f);
        return new Workload(() => optimizer.Step(), Floats: 7.0 * (count / Tensors) * Tensors);
    }
}
