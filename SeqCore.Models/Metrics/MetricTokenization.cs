namespace SeqCore.Models;

/// <summary>How a score splits texts into words; the names are sacreBLEU's.</summary>
public enum MetricTokenization
{
    /// <summary>At white space alone.</summary>
    None,

    /// <summary>As the script mteval-v13a of NIST, which WMT uses: ASCII punctuation becomes words.</summary>
    ThirteenA,

    /// <summary>As the script mteval-v14 with international tokenization: all of Unicode's punctuation and symbols.</summary>
    International,

    /// <summary>Every character that is not white space is a word.</summary>
    Character,
}
