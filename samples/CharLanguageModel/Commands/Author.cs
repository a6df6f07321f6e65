using System.Text;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Tensors;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Writes text with a model, character by character.</summary>
/// <param name="model">Predicts.</param>
/// <param name="vocabulary">The characters that it knows.</param>
/// <param name="settings">How to draw.</param>
/// <param name="seed">Equal seeds give equal texts.</param>
internal sealed class Author(RecurrentLanguageModel model, CharacterVocabulary vocabulary, SamplingSettings settings, ulong seed)
{
    /// <summary>Keeps the draws of samples apart from those of training, which has the same seed.</summary>
    private const ulong SampleStream = 0x73616D706C65;

    /// <summary>Keeps the draws of further attempts apart from those of texts written side by side.</summary>
    private const ulong FirstRetry = 0x8000;

    private const string TuneStart = "X:";

    /// <summary>The prompt that was asked for, or one that suits: the start of a tune, or of a line.</summary>
    public string Prompt { get; } = settings.Prompt ?? DefaultPrompt(vocabulary);

    /// <summary>What the model reads unseen before its own prompt: a tune starts after an empty line.</summary>
    private string LeadIn => settings.Prompt is null && Prompt == TuneStart ? "\n\n" : "";

    /// <summary>Writes one text after the prompt, handing over each character as soon as it is drawn.</summary>
    /// <param name="length">Characters to write at most.</param>
    /// <param name="end">Stops after this; null for never.</param>
    /// <param name="write">Takes a character.</param>
    /// <param name="attempt">Each writes another text.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="UserException">The prompt has a character that the model does not know.</exception>
    public void Stream(int length, string? end, Action<string> write, int attempt = 0, CancellationToken cancellation = default)
    {
        var prompt = EncodePrompt();
        using var stream = new LanguageModelStream(model);
        var sampler = NewSampler(attempt == 0 ? 0 : FirstRetry + (ulong)attempt);
        var logits = new float[vocabulary.Count];
        foreach (var token in prompt)
            stream.Step(token);
        var tail = "";
        for (var i = 0; i < length && !cancellation.IsCancellationRequested; i++)
        {
            Download(stream, logits);
            var token = sampler.Next(logits);
            var character = vocabulary.Decode(token);
            write(character);
            if (end is not null && (tail = tail.Length < end.Length ? tail + character : tail[1..] + character).EndsWith(end, StringComparison.Ordinal))
                return;
            stream.Step(token);
        }
    }

    /// <summary>Writes several texts side by side, which takes little longer than one.</summary>
    /// <param name="count">Texts.</param>
    /// <param name="length">Characters in each after the prompt.</param>
    /// <returns>Each with its prompt.</returns>
    /// <exception cref="UserException">The prompt has a character that the model does not know.</exception>
    public string[] WriteMany(int count, int length)
    {
        var prompt = EncodePrompt();
        using var stream = new LanguageModelStream(model, count);
        var samplers = Enumerable.Range(1, count).Select(i => NewSampler((ulong)i)).ToArray();
        var texts = samplers.Select(_ => new StringBuilder(Prompt)).ToArray();
        var logits = new float[count * vocabulary.Count];
        var tokens = new int[count];
        foreach (var token in prompt)
        {
            Array.Fill(tokens, token);
            stream.Step(tokens);
        }

        for (var i = 0; i < length; i++)
        {
            Download(stream, logits);
            for (var t = 0; t < count; t++)
            {
                tokens[t] = samplers[t].Next(logits.AsSpan(t * vocabulary.Count, vocabulary.Count));
                texts[t].Append(vocabulary.Decode(tokens[t]));
            }

            stream.Step(tokens);
        }

        return Array.ConvertAll(texts, t => t.ToString());
    }

    /// <summary>The tokens of the prompt.</summary>
    /// <exception cref="UserException">It has a character that the model does not know.</exception>
    public int[] EncodePrompt()
    {
        if (Prompt.Length == 0)
            throw new UserException("--prompt should have at least one character; got ''.", isUsage: true);
        try
        {
            return vocabulary.Encode(LeadIn + Prompt);
        }
        catch (ArgumentException unknown)
        {
            throw new UserException($"--prompt does not fit the model: {unknown.Message}", isUsage: true);
        }
    }

    private static string DefaultPrompt(CharacterVocabulary vocabulary)
    {
        var known = vocabulary.Characters;
        return known.Contains('X') && known.Contains(':') && known.Contains('|') && known.Contains('\n') ? TuneStart : known.Contains('\n') ? "\n" : known[..1];
    }

    private static void Download(LanguageModelStream stream, float[] logits) =>
        stream.Logits.Backend.Download(stream.Logits.Span, logits);

    private Sampler NewSampler(ulong index) =>
        new(new RandomGenerator(seed ^ SampleStream ^ (index << 48)), settings.Temperature, settings.TopK, settings.TopP);
}
