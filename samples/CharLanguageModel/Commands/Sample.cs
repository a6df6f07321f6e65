using System.Text;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Writes a sample where people see it grow.</summary>
internal static class Sample
{
    private const int TextLength = 500, LongestTune = 3000;

    /// <summary>Writes the prompt, then each character as it is drawn, then ends the line.</summary>
    /// <param name="author">Writes.</param>
    /// <param name="length">Characters; null for a tune, or 500 of another text.</param>
    /// <param name="isAbc">Whether the model writes tunes, which an empty line ends.</param>
    /// <param name="writer">Flushed after each character.</param>
    /// <param name="attempt">Each writes another text.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <returns>The whole sample.</returns>
    public static string Write(Author author, int? length, bool isAbc, TextWriter writer, int attempt,
        CancellationToken cancellation)
    {
        var text = new StringBuilder();
        Put(author.Prompt);
        var oneTune = isAbc && length is null;
        author.Stream(length ?? (oneTune ? LongestTune : TextLength), oneTune ? "\n\n" : null, Put, attempt, cancellation);
        if (text[^1] != '\n')
            writer.WriteLine();
        writer.Flush();
        return text.ToString();

        void Put(string characters)
        {
            text.Append(characters);
            writer.Write(characters);
            writer.Flush();
        }
    }
}
