using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public sealed class ModelCardTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-card-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_card_records_data_options_figures_and_versions()
    {
        var file = Path.Combine(folder, "mine.tsv");
        File.WriteAllText(file, "abc");
        var path = new ModelCard
        {
            Program = "ClassifyText",
            Model = "GRU",
            Parameters = 12,
            Data = [new CardData("training", "mine.tsv", 3, CardData.HashOf(file)), new CardData("test", "built-in", 2)],
            Seed = ulong.MaxValue,
            Options = new Dictionary<string, string> { ["batch"] = "4" },
            Figures =
            [
                ("test", [("accuracy", 0.5), ("accuracy_interval", new[] { 0.25, 0.75 }), ("labels", new[] { "a", "b" })]),
            ],
            Date = new DateTimeOffset(2026, 5, 7, 1, 2, 3, TimeSpan.FromHours(2)),
        }.Save(folder);
        path.Should().Be(Path.Combine(folder, "model-card.json"));
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var card = json.RootElement;
        card.GetProperty("program").GetString().Should().Be("ClassifyText");
        card.GetProperty("date").GetString().Should().Be("2026-05-06T23:02:03Z");
        card.GetProperty("seed").GetUInt64().Should().Be(ulong.MaxValue);
        card.GetProperty("data").GetProperty("training").GetProperty("sha256").GetString()
            .Should().Be("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "of FIPS 180-4's example");
        card.GetProperty("data").GetProperty("test").TryGetProperty("sha256", out _).Should().BeFalse();
        card.GetProperty("options").GetProperty("batch").GetString().Should().Be("4");
        var figures = card.GetProperty("figures").GetProperty("test");
        figures.GetProperty("accuracy_interval").EnumerateArray().Select(v => v.GetDouble()).Should().Equal(0.25, 0.75);
        figures.GetProperty("labels").EnumerateArray().Select(v => v.GetString()).Should().Equal("a", "b");
        card.GetProperty("versions").GetProperty("seqcore").GetString().Should().MatchRegex(@"^\d+\.\d+\.\d+");
        card.GetProperty("versions").GetProperty("dotnet").GetString().Should().StartWith(".NET ");
    }

    [Theory]
    [InlineData(0.8734, "87.3 %")]
    [InlineData(1, "100.0 %")]
    [InlineData(double.NaN, "-")]
    public void Fractions_are_shown_as_percentages(double share, string shown) => Show.Percent(share).Should().Be(shown);

    [Fact]
    public void An_interval_follows_its_score() =>
        Show.Percent(new ScoreInterval(0.5, 0.4004, 0.6)).Should().Be("50.0 % [40.0, 60.0]");
}
