import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Writes the folders of Spark for the tests, from rows.csv. Not compiled by Maven; run it as it is
 * with the jars of the module spark:
 *
 * <pre>
 *   ./mvnw -Pspark -pl spark dependency:build-classpath -Dmdep.outputFile=/tmp/spark.path
 *   java -cp $(cat /tmp/spark.path) SparkFixtures.java rows.csv ../resources/io/github/swag4j/parquet
 * </pre>
 */
class SparkFixtures {
  public static void main(String[] args) {
    SparkSession session =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    session.sparkContext().setLogLevel("WARN");
    Dataset<Row> rows =
        session
            .read()
            .option("header", "true")
            .schema(
                "id string, cat double, dog double, owl double, label string, weight double,"
                    + " site string")
            .csv(args[0]);
    // In the order of rows.csv: part n has the rows whose number is in n's third.
    Dataset<Row> thirds =
        rows.withColumn("n", expr("cast(substring(id, 5) as int)"))
            .repartitionByRange(3, col("n"))
            .sortWithinPartitions("n")
            .drop("n");
    thirds.write().parquet(args[1] + "/spark");
    thirds.coalesce(1).write().partitionBy("site").parquet(args[1] + "/spark-partitioned");
    Dataset<Row> lists =
        thirds
            .withColumn("values", array("cat", "dog", "owl"))
            .withColumn(
                "label",
                expr("cast(case label when 'cat' then 0 when 'dog' then 1 else 2 end as double)"));
    lists
        .select(col("values").as("probability"), col("label"), col("weight"), col("id"))
        .coalesce(1)
        .write()
        .option("compression", "gzip")
        .parquet(args[1] + "/spark-list");
    // As vectors of Spark ML are stored: a dense one, and one without its zeros.
    lists
        .select(
            expr(
                    "case when weight > 2 then"
                        + " named_struct('type', cast(1 as tinyint), 'size', cast(null as int),"
                        + " 'indices', cast(null as array<int>), 'values', values) else"
                        + " named_struct('type', cast(0 as tinyint), 'size', 3,"
                        + " 'indices', array(0, 1, 2), 'values', values) end")
                .as("probability"),
            col("label"),
            col("weight"),
            col("id"))
        .coalesce(1)
        .write()
        .parquet(args[1] + "/spark-vector");
    session.stop();
  }
}
