using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Writes text with a model, character by character.</summary>
/// <param name="model">Predicts; has a tokenizer.</param>
/// <param name="settings">How to draw.</param>
/// <param name="seed">Equal seeds give equal texts.</param>
internal sealed class Author(LanguageModel model, SamplingSettings settings, ulong seed)
{
    /// <summary>Keeps the draws of samples apart from those of training, which has the same seed.</summary>
    private const ulong SampleStream = 0x73616D706C65;

    /// <summary>Keeps the draws of further attempts apart from those of texts written side by side.</summary>
    private const ulong FirstRetry = 0x8000;

    private const string TuneStart = "X:";

    private readonly Tokenizer tokenizer = model.Tokenizer
        ?? throw new UserException("The model was saved without its characters. Name one that the train command wrote.");

    /// <summary>The prompt that was asked for, or one that suits: the start of a tune, or of a line.</summary>
    public string Prompt { get; } = settings.Prompt ?? DefaultPrompt(model.Tokenizer!);

    /// <summary>Whether another attempt would write the same text.</summary>
    public bool IsDeterministic => settings.IsDeterministic;

    /// <summary>Whether texts written side by side would all be the same.</summary>
    public bool IsGreedy => settings.Greedy;

    /// <summary>What the model reads unseen before its own prompt: a tune starts after an empty line.</summary>
    private string LeadIn => settings.Prompt is null && Prompt == TuneStart ? "\n\n" : "";

    /// <summary>
    /// Writes one text after the prompt, handing over each character as soon as it is drawn, or all at once from beams.
    /// </summary>
    /// <param name="length">Characters to write at most.</param>
    /// <param name="end">Stops after this; null for never.</param>
    /// <param name="write">Takes a character.</param>
    /// <param name="attempt">Each writes another text.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="UserException">The prompt has a character that the model does not know, or is too long.</exception>
    public void Stream(int length, string? end, Action<string> write, int attempt = 0, CancellationToken cancellation = default)
    {
        var prompt = EncodePrompt();
        using var stream = model.NewStream(Math.Max(1, settings.Beams));
        if (settings.Beams > 0)
        {
            foreach (var token in Search(stream, prompt, length, end, cancellation))
                write(tokenizer.Decode(token));
            return;
        }

        var options =
            Options(length) with { StopSequences = end is null || !tokenizer.Knows(end) ? [] : [tokenizer.Encode(end)] };
        new TextGenerator(stream, NewSampler(attempt == 0 ? 0 : FirstRetry + (ulong)attempt))
            .Generate(prompt, options, token => write(tokenizer.Decode(token.Token)), cancellation);
    }

    /// <summary>Writes several texts side by side, which takes little longer than one.</summary>
    /// <param name="count">Texts.</param>
    /// <param name="length">Characters in each after the prompt.</param>
    /// <returns>Each with its prompt.</returns>
    /// <exception cref="UserException">The prompt has a character that the model does not know.</exception>
    public string[] WriteMany(int count, int length)
    {
        var prompt = EncodePrompt();
        using var stream = model.NewStream(count);
        var samplers = Enumerable.Range(1, count).Select(i => NewSampler((ulong)i)).ToArray();
        var texts = new TextGenerator(stream, samplers).Generate(prompt, Options(length));
        return [.. texts.Select(t => Prompt + tokenizer.Decode(t.Tokens.Span))];
    }

    /// <summary>Whether a text that beams wrote ends because the model can look back no further.</summary>
    public bool FillsBeams(string text) => settings.Beams > 0 && tokenizer.Encode(LeadIn + text).Length > model.MaximumLength;

    /// <summary>The tokens of the prompt.</summary>
    /// <exception cref="UserException">It has a character that the model does not know.</exception>
    public int[] EncodePrompt()
    {
        if (Prompt.Length == 0)
            throw new UserException("--prompt should have at least one character; got ''.", isUsage: true);
        try
        {
            return tokenizer.Encode(LeadIn + Prompt);
        }
        catch (ArgumentException unknown)
        {
            throw new UserException($"--prompt does not fit the model: {unknown.Message}", isUsage: true);
        }
    }

    private static string DefaultPrompt(Tokenizer tokenizer) =>
        tokenizer.Knows("X:|\n") ? TuneStart : tokenizer.Knows("\n") ? "\n" : tokenizer.Decode(0);

    /// <summary>The likeliest text, up to the end.</summary>
    private int[] Search(TokenStream stream, int[] prompt, int length, string? end, CancellationToken cancellation)
    {
        if (prompt.Length > stream.Remaining)
        {
            throw new UserException($"--beam: the prompt has {prompt.Length} characters,"
                + $" but the model looks back on {stream.Remaining} only. Shorten it.", isUsage: true);
        }

        try
        {
            var tokens = new BeamSearch(stream, new BeamSearchOptions
            {
                MaximumLength = length,
                ForbiddenTokens = tokenizer.Special.NeverWritten,
            })
                .Search(prompt, cancellation)[0].Tokens;
            var mark = end is null || !tokenizer.Knows(end) ? [] : tokenizer.Encode(end);
            var at = mark.Length == 0 ? -1 : tokens.Span.IndexOf(mark);
            return tokens[..(at < 0 ? tokens.Length : at + mark.Length)].ToArray();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <summary>A model that can look back on so many characters only goes on with the later half of them.</summary>
    private GenerationOptions Options(int length) => new()
    {
        MaximumLength = length,
        ForbiddenTokens = tokenizer.Special.NeverWritten,
        RepetitionPenalty = settings.RepetitionPenalty,
        KeptContext = model.MaximumLength is { } most ? Math.Max(1, most / 2) : null,
    };

    private Sampler NewSampler(ulong index) => settings.Greedy ? Sampler.Greedy()
        : new(new RandomGenerator(seed ^ SampleStream ^ (index << 48)), settings.Temperature, settings.TopK,
            settings.TopP, settings.MinP);
}
