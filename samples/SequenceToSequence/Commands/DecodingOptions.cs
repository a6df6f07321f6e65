using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>How translations are looked for.</summary>
/// <param name="Beam">Beginnings that are followed at once; 1 always takes the likeliest token.</param>
/// <param name="LengthPenalty">More prefers longer translations.</param>
internal sealed record DecodingSettings(int Beam, float LengthPenalty);

/// <summary>Options for <see cref="DecodingSettings"/>.</summary>
internal sealed class DecodingOptions
{
    private readonly Option<int> beam = OptionKinds.Whole("--beam",
        "Beginnings that are followed at once; 1 always takes the likeliest token.", 1, 1, 1024);
    private readonly Option<float> lengthPenalty = OptionKinds.Real("--length-penalty",
        "0 compares plain probabilities, more prefers longer translations.", 0, "from 0 to 10", p => p is >= 0 and <= 10);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(beam);
        command.Options.Add(lengthPenalty);
    }

    /// <summary>The values given, or the defaults.</summary>
    public DecodingSettings Read(ParseResult result) => new(result.GetValue(beam), result.GetValue(lengthPenalty));
}
