using System.Globalization;
using System.IO.Compression;
using SeqCore.Models;
using Series = SeqCore.Models.TimeSeries;

namespace SeqCore.Tests.Models.TimeSeries.Detectors;

public sealed class WindowedGaussianDetectorTests
{
    [Theory]
    [InlineData("rogue_agent_key_hold")]
    [InlineData("ec2_request_latency_system_failure")]
    [InlineData("nyc_taxi")]
    public void Scores_are_those_that_the_benchmark_published(string name)
    {
        var path = DataFolder.Path("nab", "results", "windowedGaussian", "realKnownCause", $"windowedGaussian_{name}.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine().Should().StartWith("timestamp,value,anomaly_score");
        using var detector = new WindowedGaussianDetector(channels: 1);
        var (values, published) = (new List<float>(), new List<double>());
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var cells = line.Split(',');
            values.Add((float)Number(cells[1]));
            published.Add(Number(cells[2]));
        }

        // Fit observes the first steps; their scores do not matter here.
        detector.Fit(new Series([.. values.Take(200)]));
        var points = detector.Observe(new Series([.. values.Skip(200)]));
        for (var i = 0; i < points.Length; i++)
            points[i].Likelihood.Should().BeApproximately(published[200 + i], 2e-5, $"of step {200 + i}");

        static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void The_window_moves_on_by_whole_steps()
    {
        var window = new GaussianWindow(size: 4, step: 2);
        foreach (var value in (double[])[1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4, 1e6 + 9])
            window.Add(value);
        window.Mean.Should().Be(1e6 + 2.5, "one value waits");
        window.Add(1e6 + 8);
        window.Mean.Should().Be(1e6 + 6);
        window.Deviation.Should().BeApproximately(Math.Sqrt(6.5), 1e-9);
    }
}
