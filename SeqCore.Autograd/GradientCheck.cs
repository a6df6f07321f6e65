namespace SeqCore;

/// <summary>
/// Compares the gradients of the backward pass with central differences. The results are first projected to one number by fixed
/// random coefficients, L = sum r y, so that one backward pass and one number for each difference check all results.
/// </summary>
/// <remarks>
/// More backward passes then compute the same gradients where the inputs are results of other operations, where they have a
/// gradient already and are used by other operations too, with one input at a time as a constant, and, of three inputs or more,
/// with all but one as constants. Where a gradient is wrong, the check looks for another cause before it blames the backward
/// pass: a function that computes something else each time, one that has a corner, a jump or the end of its domain near the
/// inputs, or numbers so large that they are rounded too much.
/// </remarks>
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
public static partial class GradientCheck
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
    /// The function, which should be smooth within three steps of the inputs (<see cref="GradientCheckOptions.Step"/>) and
    /// compute the same each time.
    /// </param>
    /// <param name="inputs">The inputs at which the gradients are checked.</param>
    /// <param name="options">The step, the tolerances and the number of elements; null for the defaults.</param>
    /// <returns>The number of elements compared, and the one with the largest difference.</returns>
    /// <exception cref="GradientCheckException">A gradient is outside the tolerance.</exception>
    public static GradientReport Run(Func<Variable[], Variable[]> function, Tensor[] inputs, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        RequireInputs(inputs);
        options ??= new GradientCheckOptions();
        function = Complete(function, "function");
        var values = Array.ConvertAll(inputs, t => t.ToArray());
        var points = Array.ConvertAll(inputs, t => t.Copy());
        var line = new LossAlongElement(options.Step, hasSixPoints: true, MathF.BitIncrement(1f) - 1f, (input, index, offset) =>
        {
            var x = values[input][index];
            var moved = (float)(x + offset);
            values[input][index] = moved;
            points[input].CopyFrom(values[input]);
            var loss = Project(function, points, options.Seed).Loss;
            values[input][index] = x;
            points[input].CopyFrom(values[input]);
            return (loss, moved);
        });
        var report = new Comparison(function, points, options, line).Run();
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
        ArgumentNullException.ThrowIfNull(oracle);
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
        RequireInputs(inputs);
        options ??= new GradientCheckOptions();
        (function, oracle) = (Complete(function, "function"), Complete(oracle, "definition"));
        var values = Array.ConvertAll(inputs, t => t.ToArray());
        var exact = Array.ConvertAll(values, v => Array.ConvertAll(v, x => (double)x));
        CompareResults(function, oracle(exact), inputs, options);

        // In double precision a short step is accurate enough: its error is of order h^2 = 1e-10, that of rounding 1e-11.
        var line = new LossAlongElement(1e-5, hasSixPoints: false, Math.BitIncrement(1.0) - 1.0, (input, index, offset) =>
        {
            var x = exact[input][index];
            var moved = x + offset;
            exact[input][index] = moved;
            var loss = new Projection(options.Seed).Of(oracle(exact));
            exact[input][index] = x;
            return (loss, moved);
        });
        return new Comparison(function, inputs, options, line).Run();
    }

    /// <summary>
    /// Returns the projected loss, and the sum of the magnitudes of its terms, which its rounding errors follow.
    /// </summary>
    private static (double Loss, double Magnitude) Project(Func<Variable[], Variable[]> function, Tensor[] inputs, ulong seed)
    {
        using var scope = new TensorScope("gradient check");
        var results = function(Array.ConvertAll(inputs, t => new Variable(t)));
        var values = Array.ConvertAll(results, r => Array.ConvertAll(r.Value.ToArray(), x => (double)x));
        return (new Projection(seed).Of(values), values.Sum(r => r.Sum(Math.Abs)));
    }

    /// <summary>Throws if two evaluations at the same inputs differ, since no gradient can be right then.</summary>
    private static void RequireDeterministic(Func<Variable[], Variable[]> function, Tensor[] inputs, ulong seed,
        GradientDifference difference)
    {
        var (first, second) = (Project(function, inputs, seed).Loss, Project(function, inputs, seed).Loss);
        if (first.Equals(second))
            return;
        throw new GradientCheckException("GradientCheck: the function is not deterministic: two evaluations at the same inputs"
            + $" give the projected losses {first:g9} and {second:g9}. Hint: switch dropout off with Evaluate(), or make the"
            + " generator inside the function, with a fixed seed, so that each call draws the same numbers.", difference);
    }

    private static void CompareResults(Func<Variable[], Variable[]> function, double[][] expected, Tensor[] inputs,
        GradientCheckOptions options)
    {
        using var scope = new TensorScope("gradient check");
        var results = function(Array.ConvertAll(inputs, t => new Variable(t)));
        if (results.Length != expected.Length)
        {
            throw new ArgumentException($"GradientCheck: the function gives {Number(results.Length)}, but its definition gives"
                + $" {expected.Length}.");
        }

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
                if (difference.IsWithin(options))
                    continue;
                RequireDeterministic(function, inputs, options.Seed, difference);
                throw new GradientCheckException($"GradientCheck: the forward pass is wrong at result {k},"
                    + $" element {i}: {actual[i]:g9}, but its definition gives {expected[k][i]:g9}.", difference);
            }
        }
    }

    private static string Number(int results) => results == 1 ? "1 result" : $"{results} results";

    private static void RequireInputs(Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var missing = Array.IndexOf(inputs, null);
        if (missing >= 0)
            throw new ArgumentException($"GradientCheck: input {missing} is null.", nameof(inputs));
    }

    /// <summary>Makes a function that throws if the given one returns null, or null as one of its results.</summary>
    private static Func<TInput, TResult[]> Complete<TInput, TResult>(Func<TInput, TResult[]> function, string name)
        where TResult : class =>
        x => function(x) is { } results && Array.IndexOf(results, null) < 0
            ? results
            : throw new InvalidOperationException($"GradientCheck: the {name} returned null instead of a result.");

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
}
