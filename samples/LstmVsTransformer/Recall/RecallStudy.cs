using System.Collections.Concurrent;
using SeqCore.Kernels;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Recall;

/// <summary>
/// Runs all trainings: on the CPU as many side by side as there are threads, each on one thread (results do not depend on it); on
/// a GPU, which has one queue, one after the other.
/// </summary>
internal static class RecallStudy
{
    /// <summary>Trains everything.</summary>
    /// <param name="form">What is trained.</param>
    /// <param name="seed">Of the study.</param>
    /// <param name="progress">Told what is done.</param>
    /// <param name="cancellation">Asks to stop.</param>
    internal static RecallResult Run(RecallForm form, ulong seed, Progress progress, CancellationToken cancellation)
    {
        var trainings = (
            from experiment in form.Experiments
            from contender in experiment.Contenders(form.Transformer)
            from rate in form.LearningRates
            from index in Enumerable.Range(0, form.Seeds)
            select new Training(form, experiment, contender, rate, index, seed)).ToArray();
        var runs = new TrainingRun[trainings.Length];
        var order = Enumerable.Range(0, trainings.Length).OrderByDescending(i => trainings[i].Cost).ToArray();
        var before = Backend.Default;
        using var single = before.Device.Kind == DeviceKind.Cpu ? new CpuBackend(1) : null;
        Backend.Default = single ?? before;
        try
        {
            Parallel.ForEach(
                Partitioner.Create(order, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = single is null ? 1 : before.Threads,
                    CancellationToken = cancellation,
                },
                i =>
                {
                    runs[i] = trainings[i].Run(cancellation);
                    progress.Done($"{runs[i].Model}, {runs[i].Task}, {runs[i].Length} steps", trainings.Length);
                });
        }
        finally
        {
            Backend.Default = before;
        }

        return new RecallResult(new LearningSettings(form.Batch, form.LearningRates, form.Clip, form.Every,
            form.Learned, form.Seeds), runs);
    }
}
