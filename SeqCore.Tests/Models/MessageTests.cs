using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>Errors about numbers name the class and the range, and count things in plain English.</summary>
public class MessageTests
{
    private static readonly GptOptions Small = new()
    {
        VocabularySize = 4,
        MaximumLength = 2,
        Layers = 1,
        HeadCount = 1,
        ModelSize = 4,
    };

    public static TheoryData<string, Action> Ranges => new()
    {
        { "CosineSchedule: steps should be at least 1.*", () => _ = new CosineSchedule(0) },
        { "CosineSchedule: minimum should be at most 1.*", () => _ = new CosineSchedule(1, 2) },
        { "LinearSchedule: start should be finite and at least 0.*", () => _ = new LinearSchedule(1, double.NaN, 1) },
        { "PlateauSchedule: decay should be below 1.*", () => _ = new PlateauSchedule(1) },
        { "Linear: inputSize should be at least 1.*", () => _ = new Linear(0, 1, new RandomGenerator(1)) },
        { "GptStream: batchSize should be at least 1.*", () => Of(m => m.NewStream(0)) },
        { "Gpt.Generate: length should be at least 0.*", () => Of(m => m.Generate("a", -1)) },
        { "Sampler: the temperature should be above 0. Hint: Sampler.Greedy() always takes the likeliest token.*",
            () => _ = new Sampler(new RandomGenerator(1), 0f) },
    };

    [Theory, MemberData(nameof(Ranges))]
    public void A_range_is_named(string message, Action act) =>
        act.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);

    [Fact]
    public void One_thing_is_not_many()
    {
        using var model = new Gpt(Small, new RandomGenerator(1));
        using var stream = model.NewStream();
        stream.Invoking(s => s.Step([1, 2])).Should().Throw<ArgumentException>()
            .WithMessage("GptStream: there should be 1 token, one for each text; got 2.*");
        stream.Read([1, 2]);
        var generator = new TextGenerator(stream, Sampler.Greedy());
        generator.Invoking(g => g.Generate([1], new() { MaximumLength = 1 })).Should().Throw<ArgumentException>()
            .WithMessage("TextGenerator: the prompt has 1 token, but the stream can read only 0 more.*");
        FluentActions.Invoking(() => new TokenWindows(new int[1], 1)).Should().Throw<DataSourceException>()
            .WithMessage("The validation part of the text has 1 token, but windows of*");
        Counted.Of(2, "token").Should().Be("2 tokens");
        Counted.Of(0, "token").Should().Be("0 tokens");
    }

    private static void Of(Action<Gpt> act)
    {
        using var model = new Gpt(Small, new RandomGenerator(1)) { Tokenizer = new CharacterTokenizer("abcd") };
        act(model);
    }
}
