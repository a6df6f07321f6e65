namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>A text is not ABC notation; the message says why.</summary>
internal sealed class AbcException(string message) : FormatException(message);
