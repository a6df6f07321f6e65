namespace SeqCore.Models;

/// <summary>
/// A series with labelled windows of anomalies, which scores detectors as the Numenta Anomaly Benchmark does (Lavin and Ahmad,
/// "Evaluating real-time anomaly detection algorithms: the Numenta Anomaly Benchmark", arXiv:1510.03336): the
/// earliest detection in a window counts, the earlier the more; a detection outside costs less shortly after a window; the first
/// steps, in which a detector learns, do not count.
/// </summary>
/// <example>
/// <code>
/// var series = new NabSeries(length: 100, windows: [new StepRange(50, 10)]);
/// var scores = new double[100];
/// scores[50] = 1;
/// var score = series.Score(scores, threshold: 0.5, NabProfile.Standard);
/// Console.WriteLine($"{score.Score:0.0}, {NabScore.Normalize([score]):0}");    // 1.0, 100
/// </code>
/// </example>
public sealed class NabSeries
{
    // Where the benchmark's sigmoid, 2 / (1 + exp(5 y)) - 1, counts as -1.
    private const double FarAway = 3;
    private const int LongestProbation = 750;
    private readonly StepRange[] windows;

    /// <summary>Makes a series.</summary>
    /// <param name="length">The number of steps, at least 1.</param>
    /// <param name="windows">The windows of its anomalies, in order, without overlaps.</param>
    /// <exception cref="ArgumentException">A window is empty, out of range, or not behind the one before.</exception>
    public NabSeries(int length, IReadOnlyList<StepRange> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        Length = Argument.AtLeast(length, nameof(NabSeries), nameof(length));
        this.windows = [.. windows];
        var end = 0;
        foreach (var window in this.windows)
        {
            if (window.Start < end || window.Length < 1 || window.Start > length - window.Length)
            {
                throw new ArgumentException($"NabSeries: the window {window} should have at least one of {length} steps, and be"
                    + " behind the window before it.", nameof(windows));
            }

            end = window.End;
        }

        Probation = Math.Min(length * 15L / 100, LongestProbation) is var steps ? (int)steps : 0;
    }

    /// <summary>The number of steps.</summary>
    public int Length { get; }

    /// <summary>The windows of its anomalies.</summary>
    public IReadOnlyList<StepRange> Windows => windows;

    /// <summary>The number of steps at the beginning that do not count: 15 % of the series, at most 750.</summary>
    public int Probation { get; }

    /// <summary>Scores a detector.</summary>
    /// <param name="anomalyScores">Its score of each step, higher for anomalies; not NaN.</param>
    /// <param name="threshold">The score from which on a step is a detection.</param>
    /// <param name="profile">What detections and missed anomalies weigh.</param>
    /// <exception cref="ArgumentException">There is another number of scores than steps, or a score is NaN.</exception>
    public NabScore Score(IReadOnlyList<double> anomalyScores, double threshold, NabProfile profile)
    {
        Check(anomalyScores);
        Argument.NotNull(profile).Check();
        var best = new double[windows.Length];
        Array.Fill(best, -profile.FalseNegative);
        var (outside, counts, detected) = (0.0, new int[4], new HashSet<int>());
        foreach (var (step, window, value) in Steps(profile))
        {
            var isDetection = anomalyScores[step] >= threshold;
            counts[(window >= 0 ? 2 : 0) + (isDetection ? 1 : 0)]++;
            if (!isDetection)
                continue;
            if (window < 0)
            {
                outside += value;
                continue;
            }

            best[window] = Math.Max(best[window], value);
            detected.Add(window);
        }

        return new NabScore(best.Sum() + outside, windows.Length, detected.Count, TruePositives: counts[3],
            FalsePositives: counts[1], FalseNegatives: counts[2], TrueNegatives: counts[0], profile);
    }

    /// <summary>
    /// Finds the threshold with the highest sum of scores over several series, as the benchmark does for each detector. A
    /// detector that is used on other series should not be judged by a threshold that these labels chose.
    /// </summary>
    /// <param name="series">The series and the detector's score of each of their steps, at least one series.</param>
    /// <param name="profile">What detections and missed anomalies weigh.</param>
    /// <returns>The threshold; positive infinity if it is best to detect nothing.</returns>
    /// <exception cref="ArgumentException">A series has another number of scores than steps, or a score is NaN.</exception>
    public static double BestThreshold(IReadOnlyList<(NabSeries Series, IReadOnlyList<double> Scores)> series, NabProfile profile)
    {
        ArgumentNullException.ThrowIfNull(series);
        Argument.NotNull(profile).Check();
        var (steps, total) = (new List<(double Score, int Window, double Value)>(), 0);
        foreach (var (one, scores) in series)
        {
            ArgumentNullException.ThrowIfNull(one, nameof(series));
            one.Check(scores);
            steps.AddRange(one.Steps(profile).Select(s => (scores[s.Step], s.Window < 0 ? -1 : total + s.Window, s.Value)));
            total += one.windows.Length;
        }

        var parts = new double[total];
        Array.Fill(parts, -profile.FalseNegative);
        var (sum, best, threshold) = (0.0, 0.0, double.PositiveInfinity);
        foreach (var equal in steps.GroupBy(s => s.Score).OrderByDescending(g => g.Key))
        {
            foreach (var (_, window, value) in equal)
            {
                if (window < 0)
                {
                    sum += value;
                }
                else if (value > parts[window])
                {
                    sum += value - parts[window];
                    parts[window] = value;
                }
            }

            if (sum > best)
                (best, threshold) = (sum, equal.Key);
        }

        return threshold;
    }

    /// <summary>Returns each step that counts, its window or -1, and what a detection at it is worth.</summary>
    private IEnumerable<(int Step, int Window, double Value)> Steps(NabProfile profile)
    {
        var next = 0;
        for (var step = 0; step < Length; step++)
        {
            while (next < windows.Length && windows[next].End <= step)
                next++;
            if (step < Probation)
                continue;
            if (next < windows.Length && windows[next].Start <= step)
            {
                var early = (double)(windows[next].End - step) / windows[next].Length;
                yield return (step, next, profile.TruePositive * Sigmoid(-early) / Sigmoid(-1));
            }
            else
            {
                yield return (step, -1, profile.FalsePositive * (next == 0 ? -1 : Sigmoid(Distance(windows[next - 1], step))));
            }
        }
    }

    /// <summary>Returns the distance from the last step of a window in lengths from its first step to its last.</summary>
    private static double Distance(StepRange window, int step) =>
        window.Length == 1 ? double.PositiveInfinity : (double)(step - (window.End - 1)) / (window.Length - 1);

    private static double Sigmoid(double position) => position > FarAway ? -1 : (2 / (1 + Math.Exp(5 * position))) - 1;

    private void Check(IReadOnlyList<double> anomalyScores)
    {
        ArgumentNullException.ThrowIfNull(anomalyScores);
        if (anomalyScores.Count != Length)
        {
            throw new ArgumentException($"NabSeries: each of the {Length} steps needs a score; there are {anomalyScores.Count}.",
                nameof(anomalyScores));
        }

        for (var i = 0; i < Length; i++)
        {
            if (double.IsNaN(anomalyScores[i]))
                throw new ArgumentException($"NabSeries: the score of step {i} is NaN.", nameof(anomalyScores));
        }
    }
}
