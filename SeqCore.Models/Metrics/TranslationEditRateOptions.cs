namespace SeqCore.Models;

/// <summary>The settings of <see cref="TranslationEditRate"/>; the defaults are sacreBLEU's.</summary>
public sealed record TranslationEditRateOptions
{
    /// <summary>Whether punctuation is split off words.</summary>
    public bool Normalizes { get; init; }

    /// <summary>Whether punctuation is left out.</summary>
    public bool RemovesPunctuation { get; init; }

    /// <summary>Whether capitals differ from small letters.</summary>
    public bool IsCaseSensitive { get; init; }
}
