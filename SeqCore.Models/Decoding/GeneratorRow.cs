using System.Runtime.InteropServices;

namespace SeqCore.Models;

/// <summary>The state of one text during generation: what its row has read, and what was written.</summary>
internal sealed class GeneratorRow
{
    private readonly int row;
    private readonly GenerationOptions options;
    private readonly Action<GeneratedToken>? onToken;
    private readonly RepetitionPenalty? penalty;
    private readonly List<int> read;
    private readonly int past;
    private bool isPending;
    private readonly List<int> written = [];

    /// <param name="row">The index of the row.</param>
    /// <param name="past">The tokens that the row has read before, as far as they are known; the row takes the list over.</param>
    /// <param name="prompt">The tokens that the row reads first.</param>
    /// <param name="options">The options that specify when the text ends.</param>
    /// <param name="onToken">Receives each token.</param>
    internal GeneratorRow(int row, List<int> past, int[] prompt, GenerationOptions options, Action<GeneratedToken>? onToken)
    {
        (this.row, read, this.past, Prompt, this.options, this.onToken) = (row, past, past.Count, prompt, options, onToken);
        if (options.RepetitionPenalty != 1)
            penalty = new RepetitionPenalty(options.RepetitionPenalty);
        foreach (var token in prompt)
            penalty?.Add(token);
        if (options.MaximumLength == 0)
            End = GenerationEnd.MaximumLength;
    }

    /// <summary>The tokens that the row reads first.</summary>
    internal int[] Prompt { get; }

    /// <summary>The reason why the text ended; null while it continues.</summary>
    internal GenerationEnd? End { get; set; }

    /// <summary>Whether the next token is one of the prompt.</summary>
    internal bool IsReadingPrompt => read.Count - past < Prompt.Length;

    /// <summary>The text that was written.</summary>
    internal GeneratedText Text => new(written.ToArray(), End!.Value);

    /// <summary>Records that the stream has read the whole prompt at once.</summary>
    internal void HasReadPrompt() => read.AddRange(Prompt);

    /// <summary>All tokens that the row has read, as far as they are known.</summary>
    internal List<int> Past => isPending ? read[..^1] : read;

    /// <summary>Records that the row has read the token that <see cref="Next"/> returned.</summary>
    internal void HasRead() => isPending = false;

    /// <summary>
    /// Returns at most n of the last tokens that the row read before the newest one, which it is about to read.
    /// </summary>
    internal int[] History(int most) => [.. CollectionsMarshal.AsSpan(read)[Math.Max(0, read.Count - 1 - most)..^1]];

    /// <summary>Returns the token that the row reads next: one of the prompt, a new one, or padding.</summary>
    /// <param name="logits">The logits, shape (V,), which the penalty changes.</param>
    /// <param name="sampler">The sampler that draws the new token.</param>
    internal int Next(Span<float> logits, Sampler sampler)
    {
        var token = IsReadingPrompt ? Prompt[read.Count - past] : End is null ? Write(logits, sampler) : options.PadToken;
        read.Add(token);
        isPending = true;
        return token;
    }

    private int Write(Span<float> logits, Sampler sampler)
    {
        penalty?.Apply(logits);
        LogitRow.Forbid(logits, logits.Length, options.ForbiddenTokens);
        var token = sampler.Next(logits);
        penalty?.Add(token);
        written.Add(token);
        onToken?.Invoke(new GeneratedToken(row, written.Count - 1, token));
        End = EndAfter(token);
        return token;
    }

    private GenerationEnd? EndAfter(int token)
    {
        var text = CollectionsMarshal.AsSpan(written);
        if (token == options.EndToken)
            return GenerationEnd.EndToken;
        foreach (var sequence in options.StopSequences)
        {
            if (text.EndsWith(sequence))
                return GenerationEnd.StopSequence;
        }

        if (options.StopWhen?.Invoke(row, text) == true)
            return GenerationEnd.StopWhen;
        return written.Count >= options.MaximumLength ? GenerationEnd.MaximumLength : null;
    }
}
