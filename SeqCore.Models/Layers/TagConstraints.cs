namespace SeqCore.Models;

/// <summary>
/// The tags that may begin a sequence and those that may follow each other, for a <see cref="ConditionalRandomField"/>.
/// </summary>
public sealed class TagConstraints
{
    private readonly bool[] transitions;
    private readonly bool[] start;

    /// <summary>Makes constraints from tables.</summary>
    /// <param name="transitions">Whether tag j may follow tag i, at (i, j), shape (K, K).</param>
    /// <param name="start">Whether each tag may begin a sequence, shape (K,); null for all.</param>
    /// <exception cref="ArgumentException">The tables do not have these shapes.</exception>
    public TagConstraints(bool[,] transitions, bool[]? start = null)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        TagCount = transitions.GetLength(0);
        if (transitions.GetLength(1) != TagCount || (start is not null && start.Length != TagCount))
        {
            throw new ArgumentException($"{nameof(TagConstraints)}: transitions should have shape (K, K) and start (K,); got"
                + $" ({TagCount}, {transitions.GetLength(1)}) and ({start?.Length ?? TagCount},).", nameof(transitions));
        }

        this.transitions = [.. transitions.Cast<bool>()];
        this.start = start is null ? [.. Enumerable.Repeat(true, TagCount)] : [.. start];
    }

    /// <summary>The number of tags, K.</summary>
    public int TagCount { get; }

    /// <summary>
    /// Makes the constraints of labels in the scheme BIO: I-X may follow B-X and I-X only, and may not begin a sequence. Labels
    /// that begin otherwise are free.
    /// </summary>
    /// <param name="labels">The label of each tag, for example <c>O</c>, <c>B-PER</c> and <c>I-PER</c>.</param>
    public static TagConstraints Bio(IReadOnlyList<string> labels)
    {
        var names = Argument.NoNulls(labels, nameof(TagConstraints), nameof(labels));
        var allowed = new bool[names.Count, names.Count];
        for (var i = 0; i < names.Count; i++)
        {
            for (var j = 0; j < names.Count; j++)
                allowed[i, j] = !IsInside(names[j]) || names[i] == names[j] || names[i] == "B-" + names[j][2..];
        }

        return new TagConstraints(allowed, [.. names.Select(n => !IsInside(n))]);
    }

    /// <summary>Returns whether one tag may follow another.</summary>
    public bool Allows(int from, int to) => transitions[Checked(from) * TagCount + Checked(to)];

    /// <summary>Returns whether a tag may begin a sequence.</summary>
    public bool AllowsStart(int tag) => start[Checked(tag)];

    /// <summary>Returns scores with -infinity for what is not allowed.</summary>
    internal (Variable Transitions, Variable Start) Apply(Variable transitions, Variable start)
    {
        var backend = transitions.Value.Backend;
        var noTransition = BoolTensor.FromSpan(Array.ConvertAll(this.transitions, a => !a), transitions.Shape, backend);
        var noStart = BoolTensor.FromArray(Array.ConvertAll(this.start, a => !a), backend);
        return (transitions.MaskedFill(noTransition, float.NegativeInfinity), start.MaskedFill(noStart, float.NegativeInfinity));
    }

    private static bool IsInside(string label) => label.StartsWith("I-", StringComparison.Ordinal);

    private int Checked(int tag) => Argument.AtMost(Argument.AtLeast(tag, nameof(TagConstraints), nameof(tag), 0),
        nameof(TagConstraints), nameof(tag), TagCount - 1);
}
