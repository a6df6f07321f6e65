namespace SeqCore;

/// <summary>
/// Compares the gradients of the backward pass with central differences. The results are first projected to one number by fixed
/// random coefficients, L = sum r y, so that one backward pass and one number for each difference check all results.
/// </summary>
/// <example>
/// <code>
/// using var scope = new TensorScope();
/// var random = new RandomGenerator(seed: 1);
/// var x = Tensor.RandomNormal([2, 3], random);
/// var w = Tensor.RandomNormal([4, 3], random);
/// var report = GradientCheck.Run(v => v[0].Linear(v[1]).Tanh(), [x, w]);   // throws if a gradient is wrong
/// Console.WriteLine(report.Checked);                                       // 18
/// </code>
/// </example>
public static class GradientCheck
{
    /// <summary>Checks a function with one result against differences of its own forward pass.</summary>
    /// <inheritdoc cref="Run(Func{Variable[], Variable[]}, Tensor[], GradientCheckOptions?)"/>
    public static GradientReport Run(Func<Variable[], Variable> function, Tensor[] inputs, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Run(x => [function(x)], inputs, options);
    }

    /// <summary>
    /// Checks a function against differences of its own forward pass. The forward pass is in float32, so a stencil of six points
    /// allows a long step: dL/dx = (45 (L1 - L-1) - 9 (L2 - L-2) + (L3 - L-3)) / 60h, summed in double precision, with an error
    /// of order h^6.
    /// </summary>
    /// <param name="function">
    /// The function, which should be smooth within three steps of the inputs and compute the same each time.
    /// </param>
    /// <param name="inputs">The inputs at which the gradients are checked.</param>
    /// <param name="options">The step, the tolerances and the number of elements; null for the defaults.</param>
    /// <returns>The number of elements compared, and the one with the largest difference.</returns>
    /// <exception cref="GradientCheckException">A gradient is outside the tolerance.</exception>
    public static GradientReport Run(Func<Variable[], Variable[]> function, Tensor[] inputs, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new GradientCheckOptions();
        var values = Array.ConvertAll(inputs, t => t.ToArray());
        var points = Array.ConvertAll(inputs, t => t.Copy());
        var analytic = Analytic(function, points, options.Seed);
        var report = Compare(analytic, values, options, (input, index) =>
        {
            var h = options.Step;
            double Difference(int steps)
            {
                var (right, up) = At(+steps);
                var (left, down) = At(-steps);
                // The rounding of x + h makes the actual step differ from the intended one.
                return (right - left) / (up - down) * (2 * steps * h);
            }

            (double Loss, double X) At(int steps)
            {
                var x = values[input][index];
                var moved = (float)(x + steps * h);
                values[input][index] = moved;
                points[input].CopyFrom(values[input]);
                var loss = Project(function, points, options.Seed);
                values[input][index] = x;
                points[input].CopyFrom(values[input]);
                return (loss, moved);
            }

            return (45 * Difference(1) - 9 * Difference(2) + Difference(3)) / (60 * h);
        });
        Array.ForEach(points, t => t.Dispose());
        return report;
    }

    /// <summary>Checks a function with one result against differences of its definition in double precision.</summary>
    /// <param name="function">The function to be checked.</param>
    /// <param name="oracle">
    /// The definition of the function, which maps the values of the inputs to the values of the result, both in row-major order.
    /// </param>
    /// <param name="inputs">The inputs at which the gradients are checked.</param>
    /// <param name="options">The step, the tolerances and the number of elements; null for the defaults.</param>
    /// <returns>The number of elements compared, and the one with the largest difference.</returns>
    /// <exception cref="GradientCheckException">The result itself, or a gradient, is outside the tolerance.</exception>
    public static GradientReport Run(Func<Variable[], Variable> function, Func<double[][], double[]> oracle, Tensor[] inputs,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Run(x => [function(x)], x => [oracle(x)], inputs, options);
    }

    /// <summary>Checks a function against differences of its definition in double precision.</summary>
    /// <param name="function">The function to be checked.</param>
    /// <param name="oracle">
    /// The definition of the function, which maps the values of the inputs to the values of each result, both in row-major order.
    /// </param>
    /// <param name="inputs">The inputs at which the gradients are checked.</param>
    /// <param name="options">The step, the tolerances and the number of elements; null for the defaults.</param>
    /// <returns>The number of elements compared, and the one with the largest difference.</returns>
    /// <exception cref="GradientCheckException">A result itself, or a gradient, is outside the tolerance.</exception>
    public static GradientReport Run(Func<Variable[], Variable[]> function, Func<double[][], double[][]> oracle, Tensor[] inputs,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(oracle);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new GradientCheckOptions();
        var values = Array.ConvertAll(inputs, t => t.ToArray());
        var exact = Array.ConvertAll(values, v => Array.ConvertAll(v, x => (double)x));
        CompareResults(function, oracle(exact), inputs, options);
        var analytic = Analytic(function, inputs, options.Seed);
        return Compare(analytic, values, options, (input, index) =>
        {
            // In double precision a short step is accurate enough: its error is of order h^2 = 1e-10, that of rounding 1e-11.
            const double h = 1e-5;
            double At(double step)
            {
                var x = exact[input][index];
                exact[input][index] = x + step;
                var loss = new Projection(options.Seed).Of(oracle(exact));
                exact[input][index] = x;
                return loss;
            }

            return (At(h) - At(-h)) / (2 * h);
        });
    }

    private static float[][] Analytic(Func<Variable[], Variable[]> function, Tensor[] inputs, ulong seed)
    {
        var leaves = Array.ConvertAll(inputs, t => new Variable(t, requiresGradient: true));
        using (var tape = new Tape())
            tape.Backward(new ProjectFunction(function(leaves), seed).Apply());
        var gradients = Array.ConvertAll(leaves, v => v.Gradient?.ToArray() ?? new float[v.Value.ElementCount]);
        Array.ForEach(leaves, v => v.ZeroGradient());
        return gradients;
    }

    private static double Project(Func<Variable[], Variable[]> function, Tensor[] inputs, ulong seed)
    {
        using var scope = new TensorScope("gradient check");
        var results = function(Array.ConvertAll(inputs, t => new Variable(t)));
        return new Projection(seed).Of(Array.ConvertAll(results, r => Array.ConvertAll(r.Value.ToArray(), x => (double)x)));
    }

    private static void CompareResults(Func<Variable[], Variable[]> function, double[][] expected, Tensor[] inputs,
        GradientCheckOptions options)
    {
        using var scope = new TensorScope("gradient check");
        var results = function(Array.ConvertAll(inputs, t => new Variable(t)));
        for (var k = 0; k < results.Length; k++)
        {
            var actual = results[k].Value.ToArray();
            if (actual.Length != expected[k].Length)
            {
                throw new ArgumentException($"GradientCheck: result {k} has {actual.Length} elements,"
                    + $" but its definition gives {expected[k].Length}.");
            }

            for (var i = 0; i < actual.Length; i++)
            {
                var difference = new GradientDifference(k, i, actual[i], expected[k][i]);
                if (!difference.IsWithin(options))
                {
                    throw new GradientCheckException($"GradientCheck: the forward pass is wrong at result {k},"
                        + $" element {i}: {actual[i]:g9}, but its definition gives {expected[k][i]:g9}.", difference);
                }
            }
        }
    }

    private static GradientReport Compare(float[][] analytic, float[][] values, GradientCheckOptions options,
        Func<int, int, double> numeric)
    {
        var checkedElements = 0;
        GradientDifference worst = default;
        var random = new RandomGenerator(options.Seed);
        for (var input = 0; input < values.Length; input++)
        {
            foreach (var index in Sample(values[input].Length, options.MaxElements, random))
            {
                var difference = new GradientDifference(input, index, analytic[input][index], numeric(input, index));
                if (!difference.IsWithin(options))
                {
                    throw new GradientCheckException($"GradientCheck: the gradient of input {input} is wrong at element {index}:"
                        + $" the backward pass gives {difference.Analytic:g9}, differences give"
                        + $" {difference.Numeric:g9}.", difference);
                }

                checkedElements++;
                if (difference.Error > worst.Error)
                    worst = difference;
            }
        }

        return new GradientReport(checkedElements, worst);
    }

    private static IEnumerable<int> Sample(int count, int wanted, RandomGenerator random)
    {
        var all = Enumerable.Range(0, count).ToArray();
        for (var i = 0; i < Math.Min(count, wanted) && count > wanted; i++)
        {
            var other = i + random.NextInt32(count - i);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all.Take(wanted);
    }

    /// <summary>Fixed random coefficients in [-1, 1), the same in each pass over the results.</summary>
    private sealed class Projection(ulong seed)
    {
        private readonly RandomGenerator random = new(seed);

        internal float Next() => 2f * random.NextSingle() - 1f;

        internal double Of(double[][] results) => results.Sum(r => r.Sum(y => y * Next()));
    }

    /// <summary>Computes L = sum r y over all results, whose gradients are the coefficients themselves.</summary>
    private sealed class ProjectFunction(Variable[] inputs, ulong seed) : Function(inputs)
    {
        private readonly Variable[] results = inputs;

        protected override Tensor Forward() => Tensor.Zeros(Shape.Scalar);

        protected override void Backward(Tensor dY)
        {
            var projection = new Projection(seed);
            foreach (var result in results)
            {
                var coefficients = new float[result.Value.ElementCount];
                for (var i = 0; i < coefficients.Length; i++)
                    coefficients[i] = projection.Next();
                AddGradient(result, Tensor.FromSpan(coefficients, result.Shape, result.Value.Backend));
            }
        }
    }
}
