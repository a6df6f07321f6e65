using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>How texts become tokens.</summary>
/// <param name="Text">The largest number of tokens of a text; the rest is cut off.</param>
/// <param name="Summary">The largest number of tokens of a summary with its end; the rest is cut off in training.</param>
/// <param name="IsLowercase">Whether texts are read and summaries are written in lower case.</param>
internal sealed record Limits(int Text, int Summary, bool IsLowercase)
{
    /// <summary>The limits that a model was trained with.</summary>
    public static Limits Of(TrainedModel<EncoderDecoderModel> trained) => new(trained.Number("text_length", 512),
        trained.Number("summary_length", 128), trained.Configuration.GetValueOrDefault("lowercase") == bool.TrueString);

    /// <summary>A text as the tokenizer reads it.</summary>
    public string Read(string text) => IsLowercase ? text.ToLowerInvariant() : text;

    /// <summary>The tokens of a text that a model reads.</summary>
    public int[] Source(int[] tokens) => tokens.Length > Text ? tokens[..Text] : tokens;

    /// <summary>The tokens of a summary that a model learns to write.</summary>
    public int[] Target(int[] tokens) => tokens.Length >= Summary ? tokens[..(Summary - 1)] : tokens;
}
