using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>How text is drawn from a model.</summary>
/// <param name="Temperature">Above 0.</param>
/// <param name="TopK">0 for all.</param>
/// <param name="TopP">In (0, 1].</param>
/// <param name="Prompt">What the text starts with; null for a beginning that suits the data.</param>
/// <param name="Length">Characters after the prompt; null for one piece.</param>
internal sealed record SamplingSettings(float Temperature, int TopK, float TopP, string? Prompt, int? Length);

/// <summary>Options for <see cref="SamplingSettings"/>.</summary>
internal sealed class SamplingOptions
{
    private readonly Option<float> temperature = OptionKinds.Real("--temperature", "Below 1 prefers likely characters, above 1 levels them.", 0.6f, "above 0, at most 1,000", t => t is > 0 and <= 1000);
    private readonly Option<int> topK = OptionKinds.Whole("--top-k", "Draw only from the K likeliest characters; 0 for all.", 0, 0, 1_000_000);
    private readonly Option<float> topP = OptionKinds.Real("--top-p", "Draw only from the fewest characters with this probability together.", 1, "above 0, at most 1", p => p is > 0 and <= 1);
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
    }

    /// <summary>The values given, or the defaults.</summary>
    public SamplingSettings Read(ParseResult result) =>
        new(result.GetValue(temperature), result.GetValue(topK), result.GetValue(topP), result.GetValue(prompt), result.GetValue(length));
}
