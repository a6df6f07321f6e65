namespace SeqCore;

public static partial class GradientCheck
{
    private sealed partial class Comparison
    {
        /// <summary>The ratio of the two steps that are compared.</summary>
        private const double Shorter = 8;

        /// <summary>The coefficients of a sixth difference; the sum of their squares is 924.</summary>
        private static readonly int[] BinomialsOfSix = [1, -6, 15, -20, 15, -6, 1];

        /// <summary>The distances over which rounding errors are measured, as parts of the step.</summary>
        private static readonly double[] Distances = [1.0 / 64, 1.0 / 8, 1.0 / 2];

        /// <summary>The least ratio of a step to the distance between neighbouring numbers.</summary>
        private const double Finer = 4;

        /// <summary>
        /// Finds out why the two gradients differ: because of the function, which random numbers, a corner or the end of its
        /// domain make unfit for differences, or else because of the backward pass.
        /// </summary>
        private GradientCheckException Failure(GradientDifference difference)
        {
            RequireDeterministic(function, inputs, options.Seed, difference);
            var (loss, magnitude) = Project(function, inputs, options.Seed);
            var (rounding, measured) = (line.Epsilon * magnitude, Noise(difference));
            var reason = double.IsFinite(loss)
                ? TooShort(difference) ?? OutsideDomain(difference)
                    ?? NotSmooth(difference, Math.Max(16 * rounding, 8 * measured))
                    ?? TooRounded(difference, Math.Max(4 * rounding, 5 * measured))
                : "the function gives NaN or infinity at the inputs themselves. Hint: choose inputs of its domain.";
            reason ??= NeverArrived(difference)
                ?? $"the gradient of input {difference.Input} is wrong at {Element(difference)}: the backward pass gives"
                + $" {difference.Analytic:g9}, differences give {difference.Numeric:g9}.";
            return new GradientCheckException($"GradientCheck: {reason}", difference);
        }

        /// <summary>Finds out whether x + h and x - h round to numbers that are not at the distance h from x.</summary>
        private string? TooShort(GradientDifference difference)
        {
            var (spacing, fitting) = Spacing(difference);
            return line.Step >= Finer * spacing ? null : $"the step of {line.Step:g6} is too short for {Place(difference)}: the"
                + $" numbers of its precision are {spacing:g3} apart there. Hint: choose inputs of a magnitude of about 1"
                + (line.HasStepOfOptions ? $", or set GradientCheckOptions.Step to {fitting:g6}." : ".");
        }

        /// <summary>
        /// Returns the distance between neighbouring numbers at the element, and a step that is much longer than it.
        /// </summary>
        private (double Spacing, double Step) Spacing(GradientDifference difference)
        {
            var x = Math.Abs((double)inputs[difference.Input].ToArray()[difference.Index]);
            var exponent = Math.Log2(x);
            return (Math.ScaleB(line.Epsilon, (int)Math.Floor(exponent)), Math.ScaleB(1, (int)Math.Ceiling(exponent) - 10));
        }

        /// <summary>
        /// Measures the standard deviation of the loss's rounding errors, which sums that cancel make larger than the precision
        /// of the results: sixth differences over a short distance hardly contain anything else.
        /// </summary>
        private double Noise(GradientDifference difference)
        {
            var shortest = 8 * Spacing(difference).Spacing;
            var noise = Math.Min(OnOneSide(+1), OnOneSide(-1));
            return double.IsFinite(noise) ? noise : 0;

            // On one side of the element only, since there may be a corner or a jump at the element itself or on the other side.
            double OnOneSide(int sign) => Distances.Max(part => SixthDifference(sign * Math.Max(part * line.Step, shortest)));

            double SixthDifference(double step)
            {
                var sum = 0.0;
                for (var i = 0; i < BinomialsOfSix.Length; i++)
                    sum += BinomialsOfSix[i] * line.At(difference.Input, difference.Index, (i + 1) * step).Loss;
                return Math.Abs(sum) / Math.Sqrt(924);
            }
        }

        private string? OutsideDomain(GradientDifference difference) => double.IsFinite(difference.Numeric)
            ? null
            : $"the function gives NaN or infinity within {line.Reach:g3} of {Place(difference)}, so differences give no"
                + $" gradient. Hint: choose inputs further inside its domain{OrShorterStep}.";

        /// <summary>
        /// Compares difference quotients with those of a shorter step. Those of a smooth function agree, and the slopes to its
        /// right and left come closer in the ratio of the steps.
        /// </summary>
        private string? NotSmooth(GradientDifference difference, double noise)
        {
            var (input, index, analytic, far) = difference;
            var shorter = line.Step / Shorter;
            if (shorter < Finer * Spacing(difference).Spacing)
                return null;
            var near = line.Quotient(input, index, shorter);
            var allowed = options.AbsoluteTolerance + options.RelativeTolerance * Math.Max(Math.Abs(near), Math.Abs(far))
                + noise / shorter;
            var (left, right) = Slopes(input, index, shorter);
            var (farLeft, farRight) = Slopes(input, index, line.Step);
            var jump = Math.Abs(right - left);
            if (jump > 2 * allowed && jump > Math.Abs(farRight - farLeft) / 2)
            {
                return $"the function has a corner or a jump at {Place(difference)}: its slope is {left:g6} on the left and"
                    + $" {right:g6} on the right, so differences there cannot tell whether the gradient of the backward pass,"
                    + $" {analytic:g6}, is right. Hint: choose inputs away from corners, such as those of |x|, a relu or a"
                    + " clamp.";
            }

            if (Math.Abs(near - far) <= allowed)
                return null;
            return $"the function is not smooth near {Place(difference)}: differences give {far:g6} for steps of {line.Step:g6}"
                + $" and {near:g6} for steps of {shorter:g6}; the backward pass gives {analytic:g6}"
                + (Math.Abs(near - analytic) <= allowed ? ", as the shorter steps do. " : ". ")
                + $"Within {line.Reach:g3} of it there is a corner, such as those of |x|, a relu or a clamp, or the function"
                + $" bends too much. Hint: choose inputs away from it{OrShorterStep}.";
        }

        private string? TooRounded(GradientDifference difference, double noise)
        {
            var (input, _, analytic, numeric) = difference;
            var error = noise / line.Step;
            if (!(Math.Abs(analytic - numeric) <= error))
                return null;
            return $"the gradient of input {input} at {Element(difference)} cannot be checked: the backward pass gives"
                + $" {analytic:g9}, differences give {numeric:g9}, but the results, or the numbers that they are sums of, are so"
                + $" large that their rounding may change differences by {error:g2}. Hint: choose fewer inputs, of a magnitude of"
                + " about 1"
                + (line.HasStepOfOptions ? ", a longer GradientCheckOptions.Step, or a definition in double precision." : ".");
        }

        private string? NeverArrived(GradientDifference difference) => !reached[difference.Input]
            ? $"no gradient arrived at input {difference.Input}, but differences at {Element(difference)} give"
                + $" {difference.Numeric:g9}. Hint: pass the input to the constructor of the base, as in"
                + " \"class My(Variable x, Variable b) : Function(x, b)\", and in Backward its gradient to AddGradient; between"
                + " functions, compute with variables, not with their Value."
            : null;

        private (double Left, double Right) Slopes(int input, int index, double h)
        {
            var (middle, x) = line.At(input, index, 0);
            var (right, up) = line.At(input, index, +h);
            var (left, down) = line.At(input, index, -h);
            return ((middle - left) / (x - down), (right - middle) / (up - x));
        }

        private string Place(GradientDifference difference) => $"input {difference.Input}, {Element(difference)}, which is"
            + $" {inputs[difference.Input].ToArray()[difference.Index]:g6}";

        private string OrShorterStep =>
            line.HasStepOfOptions ? $", or set GradientCheckOptions.Step to {line.Step / Shorter:g6}" : "";
    }
}
