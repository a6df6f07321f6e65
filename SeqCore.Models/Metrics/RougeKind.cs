namespace SeqCore.Models;

/// <summary>The kinds of <see cref="Rouge"/>.</summary>
public enum RougeKind
{
    /// <summary>ROUGE-1: common words.</summary>
    Rouge1,

    /// <summary>ROUGE-2: common pairs of adjacent words.</summary>
    Rouge2,

    /// <summary>ROUGE-L: the longest common subsequence of the whole texts.</summary>
    RougeL,

    /// <summary>
    /// ROUGE-L of summaries: the union of the longest common subsequences of the sentences, which are on lines of their own.
    /// </summary>
    RougeLsum,
}
