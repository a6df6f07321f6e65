using System.CommandLine;
using System.Text;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel;

/// <summary>Writes text with a trained model, character by character.</summary>
internal sealed class GenerateCommand() : ModelCommand<LanguageModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed",
        "Random seed; the same command with the same seed gives the same text.", 1);
    private readonly Option<string?> attention = OptionKinds.AttentionPage(
        "what each character of the text attends to, in each layer and head of a gpt");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        new SamplingOptions().AddTo(command);
        command.Options.Add(seed);
        command.Options.Add(attention);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => SamplingOptions.Read(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<LanguageModel> trained, Context context)
    {
        var (terminal, options, page) = (context.Terminal, SamplingOptions.Read(result), result.GetValue(attention));
        var seen = page is null ? null : AttentionPicture.Require(trained.Model);
        OptionKinds.RequireWritable(page);
        var author = new Author(trained.Model, options, result.GetValue(seed));
        author.EncodePrompt();
        var isAbc = author.Prompt.StartsWith("X:", StringComparison.Ordinal);
        var text = author.Write(options.Length, isAbc, terminal.Messages, attempt: 0, context.Cancellation);
        if (author.FillsBeams(text))
        {
            terminal.Error.WriteLine("The text ends where the model's context ends: beams see"
                + $" {trained.Model.MaximumLength} characters.");
        }

        var verdicts = isAbc ? AbcChecker.CheckAll(text, isExcerpt: true) : [];
        var report = new TuneReport(verdicts.Count, verdicts.Count(v => v.Parses), verdicts.Count(v => v.AddsUp));
        if (verdicts.Count > 0)
        {
            terminal.Error.WriteLine(verdicts.Count == 1
                ? TuneReport.Sentence(verdicts[0].Text)
                : $"Checked: {report.Description}.");
        }

        if (seen is not null)
        {
            AttentionPicture.Write(seen, trained.Model.Tokenizer!, text, page!);
            terminal.Error.WriteLine($"Attention: {page}");
        }

        terminal.Result(("event", "sample"), ("prompt", author.Prompt), ("text", text), ("abc", isAbc ? report.Values : null),
            ("attention", page));
    }
}

/// <summary>How text is drawn from a model.</summary>
internal sealed record SamplingOptions
{
    /// <summary>The temperature, above 0.</summary>
    public float Temperature { get; init; } = 0.6f;

    /// <summary>The number of likeliest characters to draw from; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>The probability that the characters to draw from have together, in (0, 1].</summary>
    public float TopP { get; init; } = 1;

    /// <summary>The smallest probability to draw from, as a fraction of the largest, in [0, 1].</summary>
    public float MinP { get; init; }

    /// <summary>The penalty of characters that already occur, above 0; 1 for none.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Whether the likeliest character is always taken.</summary>
    public bool Greedy { get; init; }

    /// <summary>The beam width of a search for the likeliest text; 0 draws characters instead.</summary>
    public int Beams { get; init; }

    /// <summary>The start of the text; null for a start that suits the data.</summary>
    public string? Prompt { get; init; }

    /// <summary>The number of characters after the prompt; null for one piece.</summary>
    public int? Length { get; init; }

    /// <summary>Whether the seed does not matter.</summary>
    public bool IsDeterministic => Greedy || Beams > 0;

    /// <summary>Adds the options to a command, with these values as the defaults.</summary>
    public void AddTo(Command command)
    {
        command.StartGroup("Writing");
        command.Add(OptionKinds.Text("--prompt", "The start of the text.", "TEXT"));
        command.Add(new Option<int?>("--length")
        {
            Description = "Number of characters to write. [default: one tune, or 500 of another text]",
            HelpName = "N",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, out var n) && n is >= 1 and <= 100_000_000)
                    return n;
                result.AddError($"--length should be a whole number from 1 to 100,000,000; got '{result.Tokens[0].Value}'.");
                return null;
            },
        });
        command.Add(OptionKinds.Real("--temperature",
            "Sampling temperature: below 1 favours likely characters, above 1 evens them out.", Temperature,
            "above 0, at most 1,000", t => t is > 0 and <= 1000));
        command.Add(OptionKinds.Whole("--top-k",
            "Draw only from the K likeliest characters; 0 draws from all.", TopK, 0, 1_000_000));
        command.Add(OptionKinds.Real("--top-p",
            "Draw only from the likeliest characters that have this probability together.", TopP,
            "above 0, at most 1", p => p is > 0 and <= 1));
        command.Add(OptionKinds.Real("--min-p",
            "Draw only characters whose probability is at least this fraction of the largest.", MinP,
            "from 0 to 1", p => p is >= 0 and <= 1));
        command.Add(OptionKinds.Real("--repetition-penalty",
            "Repetition penalty: above 1 makes characters that already occur less likely.",
            RepetitionPenalty, "above 0, at most 1,000", p => p is > 0 and <= 1000));
        command.Add(new Option<bool>("--greedy") { Description = "Always take the likeliest character." });
        command.Add(OptionKinds.Whole("--beam",
            "Beam width of a search for the likeliest text; 0 draws characters instead.", Beams, 0, 4096));
    }

    /// <summary>The options on a command line.</summary>
    /// <exception cref="UserException">Options that exclude one another.</exception>
    public static SamplingOptions Read(ParseResult result)
    {
        var options = new SamplingOptions
        {
            Temperature = result.GetValue<float>("--temperature"),
            TopK = result.GetValue<int>("--top-k"),
            TopP = result.GetValue<float>("--top-p"),
            MinP = result.GetValue<float>("--min-p"),
            RepetitionPenalty = result.GetValue<float>("--repetition-penalty"),
            Greedy = result.GetValue<bool>("--greedy"),
            Beams = result.GetValue<int>("--beam"),
            Prompt = result.GetValue<string?>("--prompt"),
            Length = result.GetValue<int?>("--length"),
        };
        if (options.Greedy)
            Exclude("--greedy", "--temperature", "--top-k", "--top-p", "--min-p", "--beam");
        if (options.Beams > 0)
            Exclude("--beam", "--temperature", "--top-k", "--top-p", "--min-p", "--repetition-penalty");
        return options;

        void Exclude(string name, params string[] others) =>
            result.Refuse(other => $"{name} and {other} were both given; leave one out.", others);
    }
}

/// <summary>Writes text with a model, character by character.</summary>
/// <param name="model">A model with a tokenizer.</param>
/// <param name="options">How to draw.</param>
/// <param name="seed">Equal seeds give equal texts.</param>
internal sealed class Author(LanguageModel model, SamplingOptions options, ulong seed)
{
    /// <summary>Keeps the draws of samples apart from those of training, which has the same seed.</summary>
    private const ulong SampleStream = 0x73616D706C65;

    /// <summary>Keeps the draws of further attempts apart from those of texts written side by side.</summary>
    private const ulong FirstRetry = 0x8000;

    private const string TuneStart = "X:";
    private const int TextLength = 500, LongestTune = 3000;

    private readonly Tokenizer tokenizer = model.Tokenizer
        ?? throw new UserException("The model was saved without its characters. Name one that the train command wrote.");

    /// <summary>The given prompt, or one that suits: the start of a tune, or of a line.</summary>
    public string Prompt { get; } = options.Prompt ?? DefaultPrompt(model.Tokenizer!);

    /// <summary>Whether another attempt would write the same text.</summary>
    public bool IsDeterministic => options.IsDeterministic;

    /// <summary>Whether texts written side by side would all be the same.</summary>
    public bool IsGreedy => options.Greedy;

    /// <summary>What the model reads unseen before its own prompt: a tune starts after an empty line.</summary>
    private string LeadIn => options.Prompt is null && Prompt == TuneStart ? "\n\n" : "";

    /// <summary>Writes the prompt, then each character as it is drawn, then ends the line.</summary>
    /// <param name="length">Characters; null for a tune, or 500 of another text.</param>
    /// <param name="isAbc">Whether the model writes tunes, which an empty line ends.</param>
    /// <param name="writer">The output, flushed after each character.</param>
    /// <param name="attempt">The number of the attempt; each writes another text.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <returns>The whole text.</returns>
    /// <exception cref="UserException">The prompt has a character that the model does not know, or is too long.</exception>
    public string Write(int? length, bool isAbc, TextWriter writer, int attempt, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        Put(Prompt);
        var oneTune = isAbc && length is null;
        Stream(length ?? (oneTune ? LongestTune : TextLength), oneTune ? "\n\n" : null, Put, attempt, cancellation);
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

    /// <summary>
    /// Writes one text after the prompt, passing on each character as soon as it is drawn, or all together from beams.
    /// </summary>
    /// <param name="length">Characters to write at most.</param>
    /// <param name="end">The text after which to stop; null for none.</param>
    /// <param name="write">Receives each character.</param>
    /// <param name="attempt">The number of the attempt; each writes another text.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="UserException">The prompt has a character that the model does not know, or is too long.</exception>
    private void Stream(int length, string? end, Action<string> write, int attempt, CancellationToken cancellation)
    {
        var prompt = EncodePrompt();
        using var stream = model.NewStream(Math.Max(1, options.Beams));
        var decoder = tokenizer.NewDecoder();
        if (options.Beams > 0)
        {
            foreach (var token in Search(stream, prompt, length, end, cancellation))
                write(decoder.Append(token));
            return;
        }

        var generation =
            Options(length) with { StopSequences = end is null || !tokenizer.CanEncode(end) ? [] : [tokenizer.Encode(end)] };
        new TextGenerator(stream, NewSampler(attempt == 0 ? 0 : FirstRetry + (ulong)attempt))
            .Generate(prompt, generation, token => write(decoder.Append(token.Token)), cancellation);
    }

    /// <summary>Writes several texts side by side, which takes little longer than one.</summary>
    /// <param name="count">The number of texts.</param>
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

    /// <summary>Whether a text from beams ends because the model's context is full.</summary>
    public bool FillsBeams(string text) => options.Beams > 0 && tokenizer.Encode(LeadIn + text).Length > model.MaximumLength;

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
        tokenizer.CanEncode("X:|\n") ? TuneStart : tokenizer.CanEncode("\n") ? "\n" : tokenizer.Decode(0);

    /// <summary>The likeliest text, up to <paramref name="end"/>.</summary>
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
                ForbiddenTokens = tokenizer.Special.NeverGenerated,
            })
                .Search(prompt, cancellation)[0].Tokens;
            var mark = end is null || !tokenizer.CanEncode(end) ? [] : tokenizer.Encode(end);
            var at = mark.Length == 0 ? -1 : tokens.Span.IndexOf(mark);
            return tokens[..(at < 0 ? tokens.Length : at + mark.Length)].ToArray();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [];
        }
    }

    /// <summary>A model with a limited context continues with the later half of it when it is full.</summary>
    private GenerationOptions Options(int length) => new()
    {
        MaximumLength = length,
        ForbiddenTokens = tokenizer.Special.NeverGenerated,
        RepetitionPenalty = options.RepetitionPenalty,
        KeptContext = model.MaximumLength is { } most ? Math.Max(1, most / 2) : null,
    };

    private Sampler NewSampler(ulong index) => options.Greedy ? Sampler.Greedy()
        : new(new RandomGenerator(seed ^ SampleStream ^ (index << 48)), options.Temperature, options.TopK,
            options.TopP, options.MinP);
}

/// <summary>Draws what the characters of a text attend to, in each layer and head of a Transformer.</summary>
internal static class AttentionPicture
{
    /// <summary>Requires a Transformer.</summary>
    /// <exception cref="UserException">The model is of another kind.</exception>
    public static Gpt Require(LanguageModel model) => model as Gpt
        ?? throw new UserException($"--attention: a model of the kind {ModelText.NameOf(model)} has no attention to show."
            + " Name a checkpoint of a gpt, or leave it out.", isUsage: true);

    /// <summary>Writes a page with a heat map for each layer and head.</summary>
    /// <param name="model">The model that reads the text.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="text">
    /// The text, whose last characters are shown, as many as fit the page and the model's context.
    /// </param>
    /// <param name="path">The path of the page.</param>
    public static void Write(Gpt model, Tokenizer tokenizer, string text, string path)
    {
        var tokens = tokenizer.Encode(text);
        tokens = tokens[^Math.Min(tokens.Length,
            Math.Min(AttentionPage.MostWords, model.MaximumLength ?? AttentionPage.MostWords))..];
        var characters = Array.ConvertAll(tokens, t => tokenizer.Decode(t));
        using var scope = new TensorScope("attention");
        using var read = IndexTensor.FromSpan(tokens, [1, tokens.Length]);
        var layers = model.AttentionWeights(read).Select(w => w.Value.ToArray()).ToArray();
        var page = new AttentionPage("What each character attends to",
            "Each row is a character of the text and shows where it looks to predict the next one: at itself and at those before"
                + $" it. The last {characters.Length} characters of the text.");
        page.Add("Self-attention", layers, model.Options.HeadCount, characters, characters, "character",
            "attends to", isCausal: true);
        page.Save(path);
    }
}
