using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>A text as tokens: about the first nine tenths for training, whole lines or words, and the rest for validation.</summary>
internal sealed class MaskedText
{
    /// <summary>How far after nine tenths a line or word may end.</summary>
    private const int Reach = 500;

    /// <summary>Encodes a text.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="makeVocabulary">From the training part, unless a trained model has its own.</param>
    public MaskedText(string text, Func<string, TextVocabulary> makeVocabulary)
    {
        var split = Split(text);
        Vocabulary = makeVocabulary(text[..split]);
        ValidationText = text[split..];
        Training = Vocabulary.Encode(text[..split]);
        Validation = Vocabulary.Encode(ValidationText);
    }

    /// <summary>Words or characters.</summary>
    public TextVocabulary Vocabulary { get; }

    /// <summary>About the first nine tenths.</summary>
    public int[] Training { get; }

    /// <summary>The rest.</summary>
    public int[] Validation { get; }

    /// <summary>The text of the rest.</summary>
    public string ValidationText { get; }

    /// <summary>All tokens.</summary>
    public int Count => Training.Length + Validation.Length;

    /// <summary>Checks that both parts have at least a window.</summary>
    /// <exception cref="UserException">One is shorter.</exception>
    public void RequireWindows(int sequence, string unit)
    {
        if (Math.Min(Training.Length, Validation.Length) < sequence)
        {
            throw new UserException($"The text has {Show.Count(Training.Length)} {unit} for training and {Show.Count(Validation.Length)} for validation;"
                + $" a --sequence of {sequence} needs at least {sequence} of each. Give a longer text or a shorter sequence.");
        }
    }

    /// <summary>How often the training text's commonest token would be right as a guess in the validation text: its share there.</summary>
    public (int Token, double Share) Commonest()
    {
        var token = Training.Where(t => t >= SpecialToken.Count).CountBy(t => t).MaxBy(c => c.Value).Key;
        var known = Validation.Count(t => t >= SpecialToken.Count);
        return (token, known == 0 ? 0 : (double)Validation.Count(t => t == token) / known);
    }

    /// <summary>The place after the line, or else the word, in which nine tenths of the text end.</summary>
    private static int Split(string text)
    {
        var nineTenths = (int)(0.9 * text.Length);
        var reach = text.AsSpan(nineTenths, Math.Min(Reach, text.Length - nineTenths));
        var end = reach.IndexOf('\n');
        if (end < 0 || nineTenths + end + 1 == text.Length)
            end = reach.IndexOfAny(" \t\r\n");
        return nineTenths + end + 1;
    }
}
