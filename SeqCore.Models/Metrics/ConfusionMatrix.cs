using System.Globalization;
using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Counts how often each label was predicted for each true label, and computes accuracy, precision, recall and F1 from it.
/// </summary>
/// <example>
/// <code>
/// var matrix = new ConfusionMatrix(["cat", "dog"]);
/// matrix.Add("cat", predicted: "cat");
/// matrix.Add("cat", predicted: "dog");
/// matrix.Add("dog", predicted: "dog");
/// Console.WriteLine($"{matrix.Accuracy:0.000}");        // 0.667
/// Console.WriteLine($"{matrix.Of("dog").Recall:0.0}");  // 1.0
/// Console.WriteLine($"{matrix.MacroF1:0.000}");         // 0.667
/// </code>
/// </example>
public sealed class ConfusionMatrix
{
    private readonly string[] labels;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly long[] counts;

    /// <summary>Makes a matrix without counts.</summary>
    /// <param name="labels">The different labels, at least one.</param>
    /// <exception cref="ArgumentException">There is no label, or one is listed twice.</exception>
    public ConfusionMatrix(IReadOnlyList<string> labels)
    {
        this.labels = [.. Argument.NoNulls(labels, nameof(ConfusionMatrix), nameof(labels))];
        if (this.labels.Length == 0)
            throw new ArgumentException("ConfusionMatrix: at least one label is needed.", nameof(labels));
        for (var i = 0; i < this.labels.Length; i++)
        {
            if (!places.TryAdd(this.labels[i], i))
                throw new ArgumentException($"ConfusionMatrix: the label '{this.labels[i]}' is listed twice.", nameof(labels));
        }

        counts = new long[this.labels.Length * this.labels.Length];
    }

    /// <summary>The labels, in the order of rows and columns.</summary>
    public IReadOnlyList<string> Labels => labels;

    /// <summary>The number of cases.</summary>
    public long Count => counts.Sum();

    /// <summary>The part of the cases whose label was predicted; NaN without cases.</summary>
    public double Accuracy => (double)Enumerable.Range(0, labels.Length).Sum(i => this[i, i]) / Count;

    /// <summary>
    /// The sum of the counts of all labels; with exactly one label for each case its precision, recall and F1 are the accuracy.
    /// </summary>
    public LabelScore Micro => labels.Select(Of).Aggregate((x, y) => x + y);

    /// <summary>The mean of the F1 of the labels, however frequent they are. Labels that never occur count as 0.</summary>
    public double MacroF1 => labels.Average(l => Of(l).F1);

    /// <summary>The mean of the F1 of the labels, weighted by the number of their cases; NaN without cases.</summary>
    public double WeightedF1 => labels.Sum(l => Of(l).F1 * Of(l).Support) / Count;

    /// <summary>The number of cases of a label for which a label was predicted, by their indices.</summary>
    /// <param name="actual">The index of the true label.</param>
    /// <param name="predicted">The index of the predicted label.</param>
    public long this[int actual, int predicted] => counts[(Checked(actual) * labels.Length) + Checked(predicted)];

    /// <summary>Counts one case.</summary>
    /// <param name="actual">The true label.</param>
    /// <param name="predicted">The predicted label.</param>
    /// <exception cref="ArgumentException">A label is none of the matrix.</exception>
    public void Add(string actual, string predicted) => counts[(Place(actual) * labels.Length) + Place(predicted)]++;

    /// <summary>Returns how well a label was predicted.</summary>
    /// <exception cref="ArgumentException">The label is none of the matrix.</exception>
    public LabelScore Of(string label)
    {
        var i = Place(label);
        var all = Enumerable.Range(0, labels.Length);
        return new LabelScore(this[i, i], all.Sum(j => this[j, i]) - this[i, i], all.Sum(j => this[i, j]) - this[i, i]);
    }

    /// <summary>Returns the matrix as a table, with a row for each true label.</summary>
    public override string ToString()
    {
        var width = Math.Max(labels.Max(l => l.Length), counts.Max().ToString(CultureInfo.InvariantCulture).Length);
        var table = new StringBuilder();
        table.Append(' ', width);
        foreach (var label in labels)
            table.Append(' ').Append(label.PadLeft(width));
        for (var i = 0; i < labels.Length; i++)
        {
            table.Append('\n').Append(labels[i].PadRight(width));
            for (var j = 0; j < labels.Length; j++)
                table.Append(' ').Append(this[i, j].ToString(CultureInfo.InvariantCulture).PadLeft(width));
        }

        return table.ToString();
    }

    private int Place(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return places.TryGetValue(label, out var place)
            ? place
            : throw new ArgumentException($"ConfusionMatrix: '{label}' is none of its labels:"
                + $" {string.Join(", ", labels.Take(20))}{(labels.Length > 20 ? ", ..." : "")}.", nameof(label));
    }

    private int Checked(int index) => (uint)index < (uint)labels.Length
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index,
            $"ConfusionMatrix: indices of labels are in [0, {labels.Length}); got {index}.");
}
