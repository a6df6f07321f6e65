using SeqCore.Samples.Common;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Report;

/// <summary>The beginning of the page: what was measured, where, when and how long it took.</summary>
internal static class Introduction
{
    internal static void AddTo(HtmlPage page, Study study)
    {
        page.Paragraph("What the field says about LSTMs against Transformers, each claim beside figures of a run on one machine."
            + " Every verdict below is computed from "
            + "these figures by a rule that is written beside it, and would come out otherwise with other figures.");
        page.Heading("How it was measured");
        page.Table(["part", "form", "took", "seed", "when"], Rows(study));
        page.List(Machines(study));
        page.Paragraph("Times are the least of several calls after a warm-up."
            + " Other programs on the machine make them longer, never shorter.");
    }

    private static IEnumerable<string> Machines(Study study) =>
        new[] { study.Speed?.Machine, study.Memory?.Machine, study.Recall?.Machine, study.Gradients?.Machine }
            .OfType<MachineDescription>().Select(m => m.Words).Distinct();

    private static List<IReadOnlyList<string>> Rows(Study study)
    {
        var rows = new List<IReadOnlyList<string>>();
        Add("speed", study.Speed);
        Add("memory", study.Memory);
        Add("recall", study.Recall);
        Add("gradients", study.Gradients);
        return rows;

        void Add<T>(string name, Part<T>? part)
        {
            if (part is not null)
            {
                rows.Add([name, part.Form, Show.Time(part.Seconds),
                    part.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture), part.Machine.Date]);
            }
        }
    }
}
