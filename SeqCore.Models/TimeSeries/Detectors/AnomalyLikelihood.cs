namespace SeqCore.Models;

/// <summary>
/// Judges errors by those before: the score is the number of standard deviations by which the mean of the newest errors lies
/// above that of a window of earlier ones, z = (mean(short) - mean(window)) / deviation(window) (Lavin and Ahmad, "Evaluating
/// real-time anomaly detection algorithms: the Numenta Anomaly Benchmark", arXiv:1510.03336). The likelihood of an anomaly there
/// is 1 - Q(z). Differs from the paper: the window is of means as well, and ends before the newest errors.
/// </summary>
/// <remarks>It needs memory for the window and no more, and none is allocated for an error.</remarks>
/// <example>
/// <code>
/// var likelihood = new AnomalyLikelihood(new LikelihoodOptions { Window = 100, ShortTerm = 1 });
/// for (var i = 0; i &lt; 100; i++)
///     likelihood.Add(i % 2);                                     // mean 0.5, deviation 0.5
/// Console.WriteLine($"{likelihood.Add(3):0.00}");                // 5.00
/// </code>
/// </example>
public sealed class AnomalyLikelihood
{
    /// <summary>The number of errors below which none is judged.</summary>
    internal const int FewestErrors = 10;

    // Errors are of scaled values, where less is rounding.
    private const double LeastDeviation = 1e-6;

    private readonly double[] newest, means;
    private readonly int window;
    private long count;
    private double sum, squares;

    /// <summary>Makes a judge that has seen no error.</summary>
    /// <param name="options">The window and the number of newest errors; null for the defaults.</param>
    public AnomalyLikelihood(LikelihoodOptions? options = null)
    {
        options ??= new LikelihoodOptions();
        options.Check(nameof(AnomalyLikelihood));
        window = options.Window;
        newest = new double[options.ShortTerm];
        means = new double[checked(window + options.ShortTerm)];
    }

    /// <summary>Adds the error of the next point.</summary>
    /// <param name="error">The error, finite and at least 0.</param>
    /// <returns>The score; 0 while there are fewer than ten earlier errors.</returns>
    public double Add(double error)
    {
        Argument.NotNegative(error, nameof(AnomalyLikelihood), nameof(error));
        newest[count % newest.Length] = error;
        var mean = 0.0;
        var there = (int)Math.Min(count + 1, newest.Length);
        for (var i = 0; i < there; i++)
            mean += newest[i];
        mean /= there;

        // The means of the last steps are not in the window yet; the one that is entering pushes the oldest out.
        var slot = (int)(count % means.Length);
        if (count >= newest.Length)
            Move(means[(count - newest.Length) % means.Length], count >= means.Length ? means[slot] : null);
        means[slot] = mean;
        count++;
        if (slot == 0 && count > 1)
            Sum();
        var inWindow = InWindow;
        if (inWindow < FewestErrors)
            return 0;
        var usual = sum / inWindow;
        var deviation = Math.Sqrt(Math.Max(0, (squares / inWindow) - (usual * usual)));
        return (mean - usual) / Math.Max(deviation, LeastDeviation);
    }

    /// <summary>Forgets all errors.</summary>
    public void Reset() => (count, sum, squares) = (0, 0, 0);

    private long InWindow => Math.Min(Math.Max(0, count - newest.Length), window);

    internal void Write(DetectorState state)
    {
        state.Add(count);
        state.Add(sum);
        state.Add(squares);
        state.Add(newest);
        state.Add(means);
    }

    internal void Read(DetectorState state)
    {
        count = state.NextCount();
        (sum, squares) = (state.Next(), state.Next());
        state.Next(newest);
        state.Next(means);
    }

    private void Move(double entering, double? leaving)
    {
        sum += entering - (leaving ?? 0);
        squares += (entering * entering) - ((leaving * leaving) ?? 0);
    }

    /// <summary>Sums the window anew, now and then, so that rounding does not add up over millions of errors.</summary>
    private void Sum()
    {
        (sum, squares) = (0, 0);
        for (var age = newest.Length; age < newest.Length + InWindow; age++)
        {
            var mean = means[(count - 1 - age) % means.Length];
            sum += mean;
            squares += mean * mean;
        }
    }
}
