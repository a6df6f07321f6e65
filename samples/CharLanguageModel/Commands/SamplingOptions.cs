using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>How text is drawn from a model.</summary>
/// <param name="Temperature">Above 0.</param>
/// <param name="TopK">0 for all.</param>
/// <param name="TopP">In (0, 1].</param>
/// <param name="MinP">In [0, 1].</param>
/// <param name="RepetitionPenalty">Above 0; 1 for none.</param>
/// <param name="Greedy">Whether the likeliest character is always taken.</param>
/// <param name="Beams">Beams of a search for the likeliest text; 0 draws characters instead.</param>
/// <param name="Prompt">What the text starts with; null for a beginning that suits the data.</param>
/// <param name="Length">Characters after the prompt; null for one piece.</param>
internal sealed record SamplingSettings(float Temperature, int TopK, float TopP, float MinP, float RepetitionPenalty, bool Greedy,
    int Beams, string? Prompt, int? Length)
{
    /// <summary>Whether the seed does not matter.</summary>
    public bool IsDeterministic => Greedy || Beams > 0;
}

/// <summary>Options for <see cref="SamplingSettings"/>.</summary>
internal sealed class SamplingOptions
{
    private readonly Option<float> temperature = OptionKinds.Real("--temperature",
        "Below 1 prefers likely characters, above 1 levels them.", 0.6f, "above 0, at most 1,000", t => t is > 0 and <= 1000);
    private readonly Option<int> topK = OptionKinds.Whole("--top-k", "Draw only from the K likeliest characters; 0 for all.", 0,
        0, 1_000_000);
    private readonly Option<float> topP = OptionKinds.Real("--top-p",
        "Draw only from the fewest characters with this probability together.", 1, "above 0, at most 1", p => p is > 0 and <= 1);
    private readonly Option<float> minP = OptionKinds.Real("--min-p",
        "Draw only characters at least this share as likely as the likeliest.", 0, "from 0 to 1", p => p is >= 0 and <= 1);
    private readonly Option<float> repetitionPenalty = OptionKinds.Real("--repetition-penalty",
        "Above 1 avoids characters that the text holds already.", 1, "above 0, at most 1,000", p => p is > 0 and <= 1000);
    private readonly Option<bool> greedy = new("--greedy") { Description = "Always take the likeliest character." };
    private readonly Option<int> beam = OptionKinds.Whole("--beam",
        "Search the likeliest text with so many beams instead of drawing; 0 draws.", 0, 0, 4096);
    private readonly Option<string?> prompt = OptionKinds.Text("--prompt", "What the text starts with.", "TEXT");

    private readonly Option<int?> length = new("--length")
    {
        Description = "Characters to write. [default: one tune, or 500 of another text]",
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, out var n) && n is >= 1 and <= 100_000_000)
                return n;
            result.AddError($"--length should be a whole number from 1 to 100,000,000; got '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(prompt);
        command.Options.Add(length);
        command.Options.Add(temperature);
        command.Options.Add(topK);
        command.Options.Add(topP);
        command.Options.Add(minP);
        command.Options.Add(repetitionPenalty);
        command.Options.Add(greedy);
        command.Options.Add(beam);
    }

    /// <summary>The values given, or the defaults.</summary>
    /// <exception cref="UserException">Options that exclude one another.</exception>
    public SamplingSettings Read(ParseResult result)
    {
        var settings = new SamplingSettings(result.GetValue(temperature), result.GetValue(topK), result.GetValue(topP),
            result.GetValue(minP),
            result.GetValue(repetitionPenalty), result.GetValue(greedy), result.GetValue(beam), result.GetValue(prompt),
            result.GetValue(length));
        if (settings.Greedy)
            Exclude(result, "--greedy", temperature, topK, topP, minP, beam);
        if (settings.Beams > 0)
            Exclude(result, "--beam", temperature, topK, topP, minP, repetitionPenalty);
        return settings;
    }

    private static void Exclude(ParseResult result, string name, params Option[] others)
    {
        if (Array.Find(others, o => OptionKinds.IsGiven(result, o)) is { } other)
            throw new UserException($"{name} and {other.Name} were both given; leave one out.", isUsage: true);
    }
}
