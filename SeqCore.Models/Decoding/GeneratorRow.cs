using System.Runtime.InteropServices;

namespace SeqCore.Models;

/// <summary>One text on its way: what its row has read, and what was written.</summary>
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

    /// <param name="row">Its number.</param>
    /// <param name="past">What the row has read before, as far as that is known; taken over.</param>
    /// <param name="prompt">What it reads first.</param>
    /// <param name="options">When its text ends.</param>
    /// <param name="onToken">Takes each token.</param>
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

    /// <summary>What the row reads first.</summary>
    internal int[] Prompt { get; }

    /// <summary>Why the text ended; null while it goes on.</summary>
    internal GenerationEnd? End { get; set; }

    /// <summary>Whether the next token is one of the prompt's.</summary>
    internal bool IsReadingPrompt => read.Count - past < Prompt.Length;

    /// <summary>What was written.</summary>
    internal GeneratedText Text => new(written.ToArray(), End!.Value);

    /// <summary>The stream has read the whole prompt at once.</summary>
    internal void HasReadPrompt() => read.AddRange(Prompt);

    /// <summary>All that the row has read, as far as that is known.</summary>
    internal List<int> Past => isPending ? read[..^1] : read;

    /// <summary>The row has read the token that <see cref="Next"/> gave.</summary>
    internal void HasRead() => isPending = false;

    /// <summary>
    /// The last tokens that the row has read before the newest one, which it is about to read: at most so many.
    /// </summary>
    internal int[] History(int most) => [.. CollectionsMarshal.AsSpan(read)[Math.Max(0, read.Count - 1 - most)..^1]];

    /// <summary>The token that the row reads next: the prompt's, a new one, or padding.</summary>
    /// <param name="logits">Shape (V,), changed by the penalty.</param>
    /// <param name="sampler">Draws the new one.</param>
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
