using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The label that the ROC area tells from all others.</summary>
internal static class PositiveLabel
{
    private const string Name = "--positive";

    /// <summary>Makes the option.</summary>
    public static Option<string?> Option() => OptionKinds.Text(Name, "The label that the ROC area tells from all others, such as"
        + " that of normal heartbeats. [default: the mean of each label against the rest]", "LABEL");

    /// <summary>The label on a command line; null where there is none.</summary>
    /// <exception cref="UserException">The data do not have it.</exception>
    public static string? Of(ParseResult result, IReadOnlyList<string> labels)
    {
        return result.GetValue<string?>(Name) is not { } given || labels.Contains(given)
            ? result.GetValue<string?>(Name)
            : throw new UserException($"{Name}: there is no label '{given}'; the labels are"
                + $" {SignalReader.Listed(labels)}.", isUsage: true);
    }
}
