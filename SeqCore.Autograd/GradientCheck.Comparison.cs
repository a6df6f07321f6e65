namespace SeqCore;

public static partial class GradientCheck
{
    /// <summary>
    /// The projected loss as a function of one element of the inputs, at a distance from its value; returns the loss and the
    /// element itself, since the rounding of x + h makes the actual step differ from the intended one.
    /// </summary>
    private sealed class LossAlongElement(double step, bool hasSixPoints, double epsilon,
        Func<int, int, double, (double Loss, double X)> at)
    {
        internal double Step => step;

        /// <summary>The distance of the outermost points.</summary>
        internal double Reach => hasSixPoints ? 3 * step : step;

        /// <summary>Whether the step is <see cref="GradientCheckOptions.Step"/>.</summary>
        internal bool HasStepOfOptions => hasSixPoints;

        /// <summary>The distance from 1 to the next number of the precision in which the function computes.</summary>
        internal double Epsilon => epsilon;

        internal (double Loss, double X) At(int input, int index, double offset) => at(input, index, offset);

        /// <summary>Returns the central difference quotient, of six points or of two.</summary>
        internal double Quotient(int input, int index, double h)
        {
            return hasSixPoints ? (15 * Slope(1) - 6 * Slope(2) + Slope(3)) / 10 : Slope(1);

            double Slope(int steps)
            {
                var (right, up) = At(input, index, +steps * h);
                var (left, down) = At(input, index, -steps * h);
                return (right - left) / (up - down);
            }
        }
    }

    /// <summary>Compares the gradients of the backward pass with those of differences.</summary>
    private sealed partial class Comparison(Func<Variable[], Variable[]> function, Tensor[] inputs, GradientCheckOptions options,
        LossAlongElement line)
    {
        /// <summary>Whether a gradient arrived at each input, be it 0.</summary>
        private readonly bool[] reached = new bool[inputs.Length];

        internal GradientReport Run()
        {
            var expected = Gradients(Situation.Plain, reached);
            var report = CompareWithDifferences(expected);
            foreach (var situation in Situation.Others(inputs.Length))
                CompareSituation(situation, expected);
            return report;
        }

        private GradientReport CompareWithDifferences(float[][] analytic)
        {
            var count = 0;
            GradientDifference worst = default;
            var random = new RandomGenerator(options.Seed);
            for (var input = 0; input < inputs.Length; input++)
            {
                foreach (var index in Sample(analytic[input].Length, options.MaxElements, random))
                {
                    var numeric = line.Quotient(input, index, line.Step);
                    var difference = new GradientDifference(input, index, analytic[input][index], numeric);
                    if (!difference.IsWithin(options))
                        throw Failure(difference);
                    if (count++ == 0 || difference.Error > worst.Error)
                        worst = difference;
                }
            }

            return new GradientReport(count, worst);
        }

        /// <summary>Compares the gradients of a situation with those of leaves, which differences have confirmed.</summary>
        private void CompareSituation(Situation situation, float[][] expected)
        {
            var actual = Gradients(situation);
            for (var input = 0; input < actual.Length; input++)
            {
                for (var i = 0; i < actual[input].Length && situation.NeedsGradient(input); i++)
                {
                    var (a, b) = (actual[input][i] - situation.Extra, expected[input][i]);
                    var allowed = options.AbsoluteTolerance
                        + options.RelativeTolerance * Math.Max(situation.Extra, Math.Max(Math.Abs(a), Math.Abs(b)));
                    if (Math.Abs(a - b) <= allowed || (float.IsNaN(a) && float.IsNaN(b)) || a.Equals(b))
                        continue;
                    var difference = new GradientDifference(input, i, a, b);
                    RequireDeterministic(function, inputs, options.Seed, difference);
                    throw new GradientCheckException($"GradientCheck: the gradient of input {input} is wrong at"
                        + $" {Element(difference)} {situation.Text}: the backward pass gives {a:g9}, but {b:g9} where all inputs"
                        + " are leaves that need a gradient. Hint: what Backward passes to AddGradient may depend on dY and on"
                        + " the values of the inputs only, and must not depend on which inputs need a gradient.", difference);
                }
            }
        }

        /// <summary>Returns the gradient of each input; zeros if it needs none or got none.</summary>
        private float[][] Gradients(Situation situation, bool[]? arrived = null)
        {
            var leaves = new Variable[inputs.Length];
            for (var i = 0; i < leaves.Length; i++)
                leaves[i] = new Variable(inputs[i], situation.NeedsGradient(i));
            if (situation.IsShared)
            {
                using var earlier = new Tape();
                earlier.Backward(new ProjectFunction(leaves, [], options.Seed).Apply());
            }

            using (var tape = new Tape())
            {
                var arguments = situation.HasResults ? Array.ConvertAll(leaves, Same) : leaves;
                Variable[] before = situation.IsShared ? Array.ConvertAll(arguments, x => x * 2f) : [];
                var results = function(arguments);
                Variable[] after = situation.IsShared ? Array.ConvertAll(arguments, Same) : [];
                var loss = new ProjectFunction([.. before, .. after], results, options.Seed).Apply();
                if (loss.RequiresGradient || !situation.HasConstants)
                    tape.Backward(loss);
            }

            for (var i = 0; i < leaves.Length && arrived is not null; i++)
                arrived[i] = leaves[i].Gradient is not null;
            var gradients = Array.ConvertAll(leaves, v => v.Gradient?.ToArray() ?? new float[v.Value.ElementCount]);
            Array.ForEach(leaves, v => v.ZeroGradient());
            return gradients;
        }

        /// <summary>Returns the result of an operation that computes its input, and passes dY itself on.</summary>
        private static Variable Same(Variable x) => new Functions.ReshapeFunction(x, t => t.Alias()).Apply();

        /// <summary>Returns the element's number, with an index for each axis if there are several.</summary>
        private string Element(GradientDifference difference)
        {
            var shape = inputs[difference.Input].Shape;
            if (shape.Rank < 2)
                return $"element {difference.Index}";
            var indices = new int[shape.Rank];
            var rest = difference.Index;
            for (var axis = shape.Rank - 1; axis >= 0; axis--)
                (rest, indices[axis]) = Math.DivRem(rest, shape[axis]);
            return $"element {difference.Index} [{string.Join(", ", indices)}]";
        }
    }

    /// <summary>What the inputs of the function are, and what else is done with them.</summary>
    /// <param name="Text">The situation in an error.</param>
    /// <param name="HasResults">Whether the inputs are results of other operations.</param>
    /// <param name="IsShared">Whether leaves have a gradient already, and inputs are used before and after the function.</param>
    /// <param name="Constant">The input that needs no gradient, or null.</param>
    /// <param name="Only">The only input that needs a gradient, or null.</param>
    private sealed record Situation(string Text, bool HasResults, bool IsShared, int? Constant = null, int? Only = null)
    {
        internal static Situation Plain { get; } = new("", false, false);

        internal bool HasConstants => (Constant ?? Only) is not null;

        /// <summary>The part of the gradient that the function does not cause: 1 from before, 2 and 1 from other uses.</summary>
        internal float Extra => IsShared ? 4f : 0f;

        internal static IEnumerable<Situation> Others(int inputs)
        {
            yield return new("where the inputs are results of other operations", true, false);
            yield return new("where the inputs have a gradient already and are used by other operations too", false, true);
            yield return new("where the inputs are results of other operations and are used by others too", true, true);
            for (var i = 0; i < inputs && inputs > 1; i++)
                yield return new($"where input {i} is a constant", false, false, Constant: i);
            for (var i = 0; i < inputs && inputs > 2; i++)
                yield return new($"where all inputs but input {i} are constants", false, false, Only: i);
        }

        internal bool NeedsGradient(int input) => input != Constant && (Only is null || input == Only);
    }

    /// <summary>
    /// Computes L = the sum of r y over all results, whose gradients are the coefficients themselves, + the sum of the others.
    /// </summary>
    /// <remarks>Half of the others come first among the inputs and half last, so their gradients arrive last and first.</remarks>
    private sealed class ProjectFunction(Variable[] others, Variable[] results, ulong seed)
        : Function([.. others[..(others.Length / 2)], .. results, .. others[(others.Length / 2)..]])
    {
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

            foreach (var other in others)
                AddGradient(other, Tensor.Ones(other.Shape, other.Value.Backend));
        }
    }
}
