namespace SeqCore.Samples.SequenceToSequence.Data;

/// <summary>Pairs of texts as they are read.</summary>
internal sealed class PairLines
{
    private readonly List<(string Source, string Target)> pairs = [];

    /// <summary>Those with two sides.</summary>
    public IReadOnlyList<(string Source, string Target)> Pairs => pairs;

    /// <summary>How many were left out, since one side is empty.</summary>
    public int Empty { get; private set; }

    /// <summary>Adds a pair; what stands around its texts is blank space.</summary>
    public void Add(string source, string target)
    {
        if (string.IsNullOrWhiteSpace(source) || string.IsNullOrWhiteSpace(target))
            Empty++;
        else
            pairs.Add((source.Trim(), target.Trim()));
    }
}
