using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.Crf;

[Collection(GpuCollection.Name)]
public class CrfGpuTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 3, 5, 4 }, { 4, 9, 17 }, { 2, 4, 67 }, { 5, 6, 3 }, { 2, 0, 3 }, { 0, 4, 3 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Devices_agree(int batch, int steps, int tags)
    {
        foreach (var hasLengths in (bool[])[false, true])
            ShouldAgree(new Field(batch, steps, tags, hasLengths), batch, steps, tags, 1e-5);
    }

    [Fact]
    public void Devices_agree_on_large_and_forbidden_scores_and_scales()
    {
        var field = new Field(3, 7, 5, hasLengths: true) { Scales = [0.5f, -2f, 1f], Scale = 0.5f };
        for (var i = 0; i < field.Emissions.Length; i++)
            field.Emissions[i] = MathF.Round(field.Emissions[i]) * 2048;
        field.Transitions[7] = field.Transitions[11] = field.Start[3] = float.NegativeInfinity;
        ShouldAgree(field, 3, 7, 5, 2e-3);
    }

    [Fact]
    public void A_wrong_target_is_reported_at_the_next_read()
    {
        using var pair = new DevicePair();
        var scores = pair.Put(new float[24]);
        var losses = pair.Output(2);
        pair.Gpu.Crf(new()
        {
            Batch = 2,
            Steps = 3,
            Tags = 4,
            Emissions = scores.OnGpu,
            Transitions = scores.OnGpu,
            Start = scores.OnGpu,
            End = scores.OnGpu,
            Targets = pair.PutIndices(0, 1, 2, 3, 9, -100).OnGpu,
            Lengths = pair.PutIndices(3, 2).OnGpu,
            Losses = losses.OnGpu,
        });
        FluentActions.Invoking(() => pair.Read(losses)).Should().Throw<ArgumentException>()
            .WithMessage("Crf: targets*row 1 has 9 at step 1.");
    }

    private static void ShouldAgree(Field field, int batch, int steps, int tags, double tolerance)
    {
        using var pair = new DevicePair();
        DevicePair.Operand e = pair.Put(field.Emissions), transitions = pair.Put(field.Transitions),
            start = pair.Put(field.Start), end = pair.Put(field.End);
        DevicePair.Operand losses = pair.Output(batch), again = pair.Output(batch), dE = pair.Output(field.Emissions.Length),
            dT = pair.Output(tags * tags), dStart = pair.Output(tags), dEnd = pair.Output(tags), best = pair.Output(batch),
            marginals = pair.Output(field.Emissions.Length);
        var scales = field.Scales is null ? null : pair.Put(field.Scales);
        DevicePair.Indices targets = pair.PutIndices(field.Targets), found = pair.PutIndices(new int[batch * steps]);
        var lengths = field.Lengths is null ? null : pair.PutIndices(field.Lengths);
        pair.Run((backend, at) =>
        {
            var arguments = new CrfArguments
            {
                Batch = batch,
                Steps = steps,
                Tags = tags,
                Emissions = at[e],
                Transitions = at[transitions],
                Start = at[start],
                End = at[end],
                Targets = at[targets],
                Lengths = at[lengths],
                Scales = at[scales],
                Scale = field.Scale,
            };
            backend.Crf(arguments with { Losses = at[losses] });
            backend.CrfGradient(arguments with { Losses = at[again] },
                new() { DEmissions = at[dE], DTransitions = at[dT], DStart = at[dStart], DEnd = at[dEnd] });
            backend.CrfGradient(arguments with { Targets = default }, new() { DEmissions = at[marginals] });
            backend.CrfDecode(arguments, at[found], at[best]);
        });
        (DevicePair.Operand Result, string Name)[] results = [(losses, "losses"), (again, "losses"), (dE, "dEmissions"),
            (dT, "dTransitions"), (dStart, "dStart"), (dEnd, "dEnd"), (marginals, "marginals"), (best, "best scores")];
        foreach (var (result, name) in results)
            pair.ShouldAgree(result, tolerance, tolerance, name);
        pair.ShouldAgree(found, "best tags");
    }
}
