namespace SeqCore.Models;

/// <summary>The kinds of models in files, for the errors of those who load another one.</summary>
internal static class ModelKinds
{
    /// <summary>What follows the kind of a model in that of one whose parts are made by the program's own code.</summary>
    internal const string OwnParts = " with parts of its own";

    /// <summary>Returns the text of an error about a file that holds another kind than was expected.</summary>
    internal static string Mismatch(string held, IReadOnlyList<string> expected)
    {
        var kinds = string.Join(" or ", expected.Select(k => $"'{k}'"));
        var reason = expected.Any(k => held.StartsWith($"{k} with ", StringComparison.Ordinal))
            ? " Files do not hold the code of these parts."
            : expected.Any(k => k.StartsWith($"{held} with ", StringComparison.Ordinal)) ? " It has none of its own." : "";
        return $"it holds a model of the kind '{held}', not {kinds}.{reason} Load it with"
            + $" {Call(held) ?? "the class of that kind"}.";
    }

    private static string? Call(string kind) => kind switch
    {
        Gpt.KindName or Bert.KindName or Transformer.KindName or RecurrentLanguageModel.KindName
            or RecurrentEncoderDecoder.KindName or SeriesClassifier.KindName or TextClassifier.KindName
            or TextTagger.KindName => $"{Class(kind)}.Load(path)",
        Gpt.OwnPartsKind or Bert.OwnPartsKind => $"{Class(kind)}.Load(path, o => o with {{ {Parts} }})",
        Transformer.OwnPartsKind => $"{Class(kind)}.Load(path, o => o with {{ Layer = o.Layer with {{ {Parts} }} }})",
        RecurrentLanguageModel.OwnPartsKind => $"{Class(kind)}.Load(path, o => o with {{ {Layer} }})",
        RecurrentEncoderDecoder.OwnPartsKind =>
            $"{Class(kind)}.Load(path, o => o with {{ {Layer}, {nameof(RecurrentEncoderDecoderOptions.NewAttention)} = ... }})",
        RecurrentEncoderDecoder.OwnAttentionKind => $"{Class(kind)}.Load(path, (size, random) => ...)",
        _ => null,
    };

    private static string Parts =>
        $"{nameof(BlockOptions.NewMixer)} = ..., {nameof(BlockOptions.NewFeedForward)} = ...";

    private static string Layer => $"{nameof(RecurrentLanguageModelOptions.NewLayer)} = ...";

    private static string Class(string kind) => kind switch
    {
        Gpt.KindName or Gpt.OwnPartsKind => nameof(Gpt),
        Bert.KindName or Bert.OwnPartsKind => nameof(Bert),
        Transformer.KindName or Transformer.OwnPartsKind => nameof(Transformer),
        RecurrentLanguageModel.KindName or RecurrentLanguageModel.OwnPartsKind => nameof(RecurrentLanguageModel),
        SeriesClassifier.KindName => nameof(SeriesClassifier),
        TextClassifier.KindName => nameof(TextClassifier),
        TextTagger.KindName => nameof(TextTagger),
        _ => nameof(RecurrentEncoderDecoder),
    };
}
