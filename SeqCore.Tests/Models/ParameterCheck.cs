using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>Compares the gradients of a model's parameters with differences of its loss.</summary>
internal static class ParameterCheck
{
    /// <summary>Redraws every parameter, large enough for each part of the model to matter.</summary>
    internal static void Enliven(Module model, RandomGenerator random, float deviation = 0.5f)
    {
        foreach (var (name, parameter) in model.NamedParameters())
            Initializer.Normal(parameter.Value, name.Contains("norm", StringComparison.OrdinalIgnoreCase)
                || name.Contains("ln_", StringComparison.Ordinal) ? 0.8f : 0f, deviation, random);
    }

    /// <summary>Central differences of fourth order over a random direction and over single elements.</summary>
    internal static void Run(Module model, Parameter parameter, Func<Variable> loss, string name, double step = 1.0 / 128)
    {
        model.ZeroGradients();
        using (var tape = new Tape())
            tape.Backward(loss());
        var gradient = parameter.Gradient!.ToArray();
        var values = parameter.Value.ToArray();
        var random = new RandomGenerator(9);
        var direction = Array.ConvertAll(values, _ => random.NextDouble() < 0.5 ? -1f : 1f);
        Compare(direction, 1.0 / Math.Sqrt(values.Length));
        for (var i = 0; i < Math.Min(3, values.Length); i++)
        {
            var one = new float[values.Length];
            one[random.NextInt32(values.Length)] = 1f;
            Compare(one, 1);
        }

        parameter.Value.CopyFrom(values);

        void Compare(float[] along, double scale)
        {
            var expected = ((8 * (At(step * scale) - At(-step * scale))) - (At(2 * step * scale) - At(-2 * step * scale)))
                / (12 * step);
            var actual = gradient.Zip(along, (g, d) => (double)g * d).Sum() * scale;
            Assert.True(Math.Abs(actual - expected) <= 2e-3 * Math.Max(0.1, Math.Abs(expected)),
                $"{name}: backward gives {actual:g6}, differences give {expected:g6}.");

            double At(double distance)
            {
                parameter.Value.CopyFrom([.. values.Zip(along, (v, d) => (float)(v + (distance * d)))]);
                using var scope = new TensorScope("difference");
                return loss().Value.Item();
            }
        }
    }

    /// <summary>The gradients under the names of the state dictionary: of a packed parameter, those of its parts.</summary>
    internal static Dictionary<string, Tensor> Gradients(Module module) => module.NamedWeights().ToDictionary(w => w.Name,
        w => w.Parameter.Gradient!.Slice(0, w.Start, w.Target.Shape[0]));
}
